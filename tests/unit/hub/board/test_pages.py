"""What the operations board shows, read as a person would."""

import re
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from hub.board.overview_page import ON_THE_WALL
from hub.monitor.probed import Probed
from hub.monitor.probes import Stage
from hub.monitor.states import State
from hub.pages.headers import ALWAYS
from tests.support.board import PARTIES, SECRET, District, some_died, some_expire
from tests.support.page import Answer, Page

ADDRESSES = ("/", "/?wall=1", "/dead", "/dead/none", "/states", "/states/STALL", "/nowhere")


class Operator:
    """Whoever is on duty, in the language of their browser."""

    def __init__(self, app: Starlette, language: str = "de", host: str = "127.0.0.1:8094") -> None:
        """Look at these pages."""
        self._app = app
        self._headers = {"Accept-Language": language, "Host": host}

    async def get(self, address: str, method: str = "GET") -> Answer:
        """What comes back."""
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://monitor") as client:
            return Answer(await client.request(method, address, headers=self._headers))

    async def page(self, address: str = "/") -> Page:
        """The page there."""
        answer = await self.get(address)
        assert answer.status == 200
        return answer.page


@pytest.fixture
def district() -> District:
    """Nothing was looked at yet."""
    return District()


@pytest.fixture
def operator(district: District) -> Operator:
    """Somebody in German."""
    return Operator(district.app())


async def test_before_the_first_look_nothing_is_called_well(operator: Operator) -> None:
    """Who knows nothing says so."""
    page = await operator.page()

    assert page.title.startswith("Der Monitor hat noch nicht hingesehen")
    assert "Alles läuft" not in page.text


async def test_all_is_well(district: District, operator: Operator) -> None:
    """One sentence on top says it, in either language; every party is named."""
    district.polled()
    page = await operator.page()
    english = await Operator(district.app(), "en").page()

    assert page.title.startswith("Alles läuft")
    assert english.title.startswith("All is well")
    assert "Keine Störung ist offen." in page.text
    assert [party.name for party in PARTIES.party if party.name not in page.text] == []


async def test_what_is_wrong_stands_first(district: District, operator: Operator) -> None:
    """What asks for action comes before what can wait; each says what, whom, and what to do."""
    district.polled()
    district.breaks()
    page = await operator.page()
    incidents = page.headings[page.headings.index("Offene Störungen") + 1 :][:3]

    assert page.title.startswith("2 Störungen: jetzt handeln")
    assert [one.split(":")[0] for one in incidents] == [
        "jetzt handeln Steht still",
        "jetzt handeln Niemand liest",
        "heute ansehen Absender still",
    ]
    assert "Der nächste Satz ist to.kfb/0@3." in page.text
    assert "Betroffen Kreisagentur für Beschäftigung Darmstadt-Dieburg" in page.text
    assert "Den Leser starten; er macht dort weiter, wo er aufgehört hat." in page.text
    assert page.links["Anleitung STALL"] == "/states/STALL"


async def test_parties_are_judged_in_their_own_working_time(
    district: District, operator: Operator
) -> None:
    """What waits since seven has waited since eight; who has no reader is not called read."""
    district.night()
    district.breaks()
    text = (await operator.page()).text

    assert "Eppertshausen Niemand liest Wartend 6 Ältestes 2 h 00 min seit 07:00" in text
    assert "Griesheim kein Leser Wartend bis zu 3" in text
    assert "still: 3 Arbeitstage, üblich: 4 h 00 min" in text


async def test_what_is_old_is_never_called_well(district: District, operator: Operator) -> None:
    """Kafka is away, or the monitor no longer looks: the first sentence says that it is old."""
    district.polled()
    district.now += timedelta(seconds=16)
    old = await operator.page()
    district.away = True
    district.polled()
    blind = await operator.page()

    assert old.title.startswith("Der Monitor sieht nicht mehr hin; was hier steht, ist alt")
    assert "16 s her" in old.text
    assert blind.title.startswith("Kafka antwortet nicht; was hier steht, ist alt")
    assert "Anleitung BLIND" in blind.links


async def test_the_table_says_what_the_pictures_show(
    district: District, operator: Operator
) -> None:
    """Every five minutes that were seen have a row; those that were not have none."""
    district.night()
    page = await operator.page()
    grey = page.named("rect", class_="unseen")
    rows = re.findall(r">(\d\d:\d\d)</th>", page.html)

    assert len(rows) * 3 + len(grey) == 144 * 3
    assert "05:30" not in rows  # Kafka was away from five to six
    assert {"04:55", "06:05"} <= set(rows)
    assert len(page.named("svg", role="img")) == 3


async def test_dead_letters_by_cause(district: District, operator: Operator) -> None:
    """Causes with numbers, the commands to copy, and nothing of what stood in them."""
    district.polled()
    unread = await operator.page("/dead")
    district.died = some_died()
    overview, page = await operator.page(), await operator.page("/dead")
    cause = await operator.page(page.links["too-late"])

    assert "noch nicht gelesen" in unread.text
    assert "4 Ereignisse sind offen" in overview.text
    assert "too-late Art des Ereignisses referral.requested.v1 Absender Eppertshausen" in page.text
    assert "hub dead replay --code too-late --type referral.requested.v1 --sender 06432005" in (
        cause.text
    )
    assert "hub dead show referrals.dead/0/1 --reveal --reason '…'" in cause.text
    assert "R-401 Wieder abgelehnt 1" in cause.text
    assert SECRET not in overview.html + page.html + cause.html + repr(district.died)
    assert (await operator.get("/dead/000000000000")).status == 404


async def test_probes_by_door(district: District, operator: Operator) -> None:
    """How many inboxes each door has reached, how long the slowest took, and what stays."""
    district.polled()
    none = (await operator.page()).text
    took = dict.fromkeys(Stage, timedelta(seconds=3))
    through = Probed("http_api", "kfb", district.now, took, None)
    district.probed = (
        through,
        through._replace(recipient="06432005", took=dict.fromkeys(Stage, timedelta(seconds=5))),
        Probed("file_drop", "kfb", district.now, {}, Stage.DOOR, "file_drop"),
    )
    district.polled()
    page = await operator.page()

    assert "Keine wurde gesendet" in none
    assert "kam durch http_api 2 Eingänge, höchstens 5 s" in page.text
    assert "1 nicht durchgekommen file_drop 0 Eingänge" in page.text
    assert page.title.startswith("1 Störung: jetzt handeln")
    assert page.links["Anleitung STUCK"] == "/states/STUCK"


async def test_certificates_say_how_long_they_hold(district: District, operator: Operator) -> None:
    """How near each end is stands there as a word; of tokens is said what is known."""
    district.night()
    district.expiring = some_expire()
    text = (await operator.page()).text

    assert "4 Zertifikate ansehen" in text
    assert "kafka.ca_file bis Di., 6. Apr. 2027, noch 400 Tage" in text
    assert "mailbox.tls_certificate bis Do., 5. März 2026, noch 3 Tage" in text
    assert "web.tls_certificate abgelaufen am So., 1. März 2026" in text
    assert "webhook.ca_file nicht lesbar" in text
    assert "http_api.tokens 3 Tokens läuft nicht ab" in text


@pytest.mark.parametrize("language", ["de", "en"])
async def test_every_state_has_its_runbook(district: District, language: str) -> None:
    """What `hub explain-state` prints stands there too, step by step."""
    operator = Operator(district.app(), language)
    every = await operator.page("/states")
    for state in State:
        page = await operator.page(every.links[state])
        assert page.headings[0].startswith(f"{state}: ")
        assert len(page.named("li")) > len(every.named("li")) - len(State)
        assert "`" not in page.text


async def test_a_wall_screen_counts_what_it_has_no_room_for(
    district: District, operator: Operator
) -> None:
    """The first few in full, the others by number; the ordinary page has them all."""
    district.polled()
    district.breaks()
    district.everybody_stands_still()
    wall, page = await operator.page("/?wall=1"), await operator.page()

    assert len(wall.named("article")) == ON_THE_WALL
    assert len(page.named("article")) > ON_THE_WALL
    more = len(page.named("article")) - ON_THE_WALL
    assert f"Und {more} weitere Störungen" in wall.text


async def test_the_page_is_shown_anew_unless_asked_to_stay(operator: Operator) -> None:
    """By a header, so that no script is needed (WCAG 2.2.2: it can be stopped)."""
    moving, page = await operator.get("/"), await operator.page()
    resting = await operator.get(page.links["Anhalten"])

    assert moving.response.headers["Refresh"] == "15"
    assert "Refresh" not in resting.response.headers


@pytest.mark.parametrize("address", [*ADDRESSES, "/metrics", "/static/board.css"])
async def test_every_answer_is_guarded(operator: Operator, address: str) -> None:
    """Strict headers on pages, refusals and files; no page needs more than they allow."""
    answer = await operator.get(address)
    headers = answer.response.headers

    assert {name: headers.get(name) for name in ALWAYS} == dict(ALWAYS)
    if headers.get("content-type", "").startswith("text/html"):
        for tag, attributes in answer.page.tags:
            assert tag not in ("script", "style", "form")
            assert not [name for name in attributes if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("address", ADDRESSES)
async def test_nothing_can_be_changed(operator: Operator, address: str) -> None:
    """The board only shows."""
    assert (await operator.get(address, "POST")).status in (404, 405)


async def test_nobody_poses_as_the_board(district: District) -> None:
    """A page elsewhere whose name was turned to this machine sees nothing, unless it may."""
    district.polled()
    stranger = Operator(district.app(), host="rebound.example:8094")
    guest = Operator(district.app(is_public=True), host="hub.landkreis.example")

    assert (await stranger.get("/")).status == 421
    assert "Eppertshausen" not in (await stranger.get("/")).response.text
    assert (await stranger.get("/metrics")).status == 200
    assert (await guest.get("/")).status == 200
