"""The inbox as a clerk meets it."""

import random
import re
from datetime import timedelta

import pytest

from hub.casework.happenings import Delivered
from hub.casework.views import View
from tests.support.district import EPPERTSHAUSEN
from tests.support.office import NOW, PETRA, Stage, asked
from tests.support.page import Visitor
from tests.support.people import People


async def test_the_first_page_is_what_nobody_works_on(petra: Visitor) -> None:
    """Who comes in sees the unassigned cases."""
    assert (await petra.get("/")).to == "/inbox/unassigned"


@pytest.mark.every_database
@pytest.mark.parametrize("view", list(View))
async def test_each_view_is_a_link_with_its_count(petra: Visitor, desk: Stage, view: View) -> None:
    """Every view stands at its own address; what its link counts is what its list has."""
    page = await petra.page("/inbox/all")
    count = desk.counts(PETRA.id, NOW)[view]
    words = next(w for w, href in page.links.items() if href == f"/inbox/{view}" and w != "Eingang")
    link = page.links[words]
    assert words.endswith(f" {count}")

    shown = await petra.page(link)
    assert shown.named("a", href=link, aria_current="page")
    total = re.search(r"von (\d+)", shown.text)
    assert int(total[1]) == count if total else "Hier ist gerade nichts." in shown.text


async def test_the_table_says_what_it_is(petra: Visitor) -> None:
    """A caption with view, number and order; every heading has its scope; the order is said."""
    page = await petra.page("/inbox/unassigned")

    assert re.search("Nicht zugewiesen . 48 Vorgänge, sortiert nach Frist", page.text)
    assert all(each.get("scope") in ("col", "row") for each in page.named("th"))
    assert [each["aria-sort"] for each in page.named("th") if "aria-sort" in each] == ["ascending"]


async def test_the_first_column_is_the_case(petra: Visitor) -> None:
    """Each row begins with the case number, and that is its link."""
    page = await petra.page("/inbox/unassigned")
    rows = page.named("th", scope="row")

    assert len(rows) == 25
    assert page.links["R-1001"] == "/cases/R-1001"


@pytest.mark.every_database
async def test_the_most_pressing_stands_first(petra: Visitor) -> None:
    """By deadline: what is overdue, what is due today, what comes; said in working days."""
    page = await petra.page("/inbox/unassigned")

    order = ["R-5001", "R-1001", "R-1002", "R-1003"]
    numbers = [words for words in page.links if re.fullmatch(r"[RUK]-\d+", words)]
    assert numbers[:4] == order
    assert "Mo., 23. Nov. 2026 seit 2 Arbeitstagen überfällig" in page.text
    assert "Mi., 25. Nov. 2026 heute bis 16:00 Uhr" in page.text
    assert "Fr., 27. Nov. 2026 in 2 Arbeitstagen" in page.text


@pytest.mark.every_database
async def test_a_heading_sorts_and_turns(petra: Visitor) -> None:
    """A click on a heading sorts by it, a second one the other way round."""
    page = await petra.page("/inbox/unassigned")
    once = await petra.page(page.links["Vorgang"])
    again = await petra.page(once.links["Vorgang"])

    first = [next(w for w in each.links if re.fullmatch(r"\S+-\d+", w)) for each in (once, again)]
    assert first == ["R-1001", "U-4003"]
    assert again.named("th", aria_sort="descending")
    assert (await petra.page(again.links["Vorgang"])).named("th", aria_sort="ascending")


@pytest.mark.every_database
async def test_a_filter_keeps_to_what_is_asked(petra: Visitor) -> None:
    """Service, urgency and other party narrow the list, and the form keeps what was chosen."""
    page = await petra.page("/inbox/unassigned?urgency=urgent&other=06432005")

    assert "1 bis 1 von 1" in page.text
    assert "R-1003" in page.links
    form = page.form("/inbox/unassigned")
    assert (form["urgency"], form["other"]) == ("urgent", "06432005")
    assert "Filter entfernen" in page.links


@pytest.mark.every_database
async def test_a_search_finds_by_the_beginning_of_the_number(petra: Visitor) -> None:
    """A case is found by its number, in this view or in all."""
    page = await petra.page("/inbox/unassigned?search=K-3")
    assert "Hier ist gerade nichts." in page.text

    everywhere = await petra.page(page.links["„K-3“ in allen Vorgängen suchen"])
    assert {"K-3001", "K-3002", "K-3003", "K-3004"} <= set(everywhere.links)


@pytest.mark.every_database
async def test_long_lists_have_pages(petra: Visitor) -> None:
    """It says which part is shown, and each part has its address."""
    page = await petra.page("/inbox/unassigned")
    assert "1 bis 25 von 48" in page.text

    second = await petra.page(page.links["Weiter"])
    assert "26 bis 48 von 48" in second.text
    assert second.links["Zurück"] == "/inbox/unassigned"
    assert second.named("a", aria_label="Seite 2", aria_current="page")


async def test_a_page_that_is_no_more_leads_to_the_first(petra: Visitor) -> None:
    """When the list has become shorter the address still leads somewhere."""
    assert (await petra.get("/inbox/unassigned?page=9&urgency=urgent")).to == (
        "/inbox/unassigned?urgency=urgent"
    )


@pytest.mark.parametrize(
    "address",
    [
        "/inbox/secret",
        "/inbox/mine?sort=name",
        "/inbox/mine?service=magic",
        "/inbox/mine?urgency=never",
        "/inbox/mine?page=0",
        "/inbox/mine?page=-1",
        "/inbox/mine?page=٣",
        "/news/mine?mark=x",
        "/news/secret?mark=1",
    ],
)
async def test_an_address_that_was_never_offered_is_refused(petra: Visitor, address: str) -> None:
    """What no list has is answered with a page that says so, not with another list."""
    answer = await petra.get(address)

    assert answer.status == 400
    assert answer.page.headings == ["Das war nicht lesbar"]


@pytest.mark.every_database
async def test_the_list_shows_nobodys_name(petra: Visitor, desk: Stage) -> None:
    """A list says nothing that tells who a case is about."""
    contents = [desk.open(case, PETRA.id, NOW).content for case in ("R-1001", "R-2000", "R-2003")]
    pages = [(await petra.page(f"/inbox/all?page={n}")).html for n in (1, 2, 3)]

    for content in contents:
        assert content is not None
        client = content.model_dump()["client"]
        for name in ("family_name", "given_names", "client_id"):
            assert not any(client[name] in page for page in pages)


@pytest.mark.every_database
async def test_what_is_new_is_counted_and_the_list_stays(petra: Visitor, desk: Stage) -> None:
    """The page's mark asks what came since: first nothing, then one; shown only on demand."""
    page = await petra.page("/inbox/unassigned")
    place = page.named("div", role="status")[0]
    asks = place["data-news"]
    assert asks is not None
    assert (await petra.get(asks)).response.json() == {"count": 0, "text": ""}

    request = asked(People(random.Random(1)))
    desk.happens("R-9001", Delivered(NOW - timedelta(minutes=1), EPPERTSHAUSEN, request))

    told = (await petra.get(asks)).response.json()
    assert told == {"count": 1, "text": "1 Vorgang ist neu oder geändert."}
    assert place["data-here"] == "/inbox/unassigned"


@pytest.mark.every_database
async def test_many_are_taken_over_at_once(petra: Visitor, murat: Visitor) -> None:
    """Each of the selected has its own result: mine, somebody's, none."""
    form = (await murat.page("/cases/R-2001")).form("/cases/R-2001/claim")
    await murat.send(form)

    cases = ("R-2000", "R-2001", "R-2002", "no-such-case", "R-2000")
    answer = await petra.post("/claims", *(("case", case) for case in cases))

    page = answer.page
    assert page.headings == ["2 von 4 Vorgängen übernommen"]
    assert "R-2000 übernommen" in page.text
    assert "R-2001 Murat Muster hat ihn schon" in page.text
    assert "no-such-case kann nicht übernommen werden" in page.text
    assert "1 bis 2 von 2" in (await petra.page("/inbox/mine")).text


async def test_nothing_selected_is_said(petra: Visitor) -> None:
    """A bulk claim without a tick changes nothing and says so."""
    page = (await petra.post("/claims")).page

    assert "Es war kein Vorgang ausgewählt." in page.text


async def test_all_on_a_page_can_be_selected_without_a_script(petra: Visitor) -> None:
    """A link shows the same list with every box ticked."""
    page = await petra.page("/inbox/unassigned")
    assert not [each for each in page.named("input", type="checkbox") if "checked" in each]

    ticked = await petra.page(page.links["Alle auf dieser Seite auswählen"])
    boxes = ticked.named("input", type="checkbox")
    assert len(boxes) == 25
    assert all("checked" in each for each in boxes)


async def test_what_cannot_be_taken_over_has_no_box(petra: Visitor) -> None:
    """What is over, or the other party's turn, is not offered."""
    page = await petra.page("/inbox/done")

    assert not page.named("input", type="checkbox")


async def test_an_auditor_has_the_list_and_no_boxes(auditor: Visitor) -> None:
    """Who only looks is offered nothing to do."""
    page = await auditor.page("/inbox/unassigned")

    assert not page.named("input", type="checkbox")
    assert [form.action for form in page.forms if form.method == "post"] == ["/logout"]
    assert "Überweisung senden" not in page.links
