"""What is bad is told once when it begins and once when it is over, by its cause."""

from datetime import timedelta

import pytest

from hub.language import Language
from hub.monitor import incidents, phrases
from hub.monitor.expiring import Expiry
from hub.monitor.incidents import Fault, Incident
from hub.monitor.look import Look, Place
from hub.monitor.memory import Memory, dump, load
from hub.monitor.observing import blinded, observe
from hub.monitor.probed import Probed
from hub.monitor.probes import Stage
from hub.monitor.runbook import readers, text_of
from hub.monitor.silence import Silence
from hub.monitor.snapshot import Snapshot
from hub.monitor.states import Severity, State
from hub.monitor.watch import Watch
from hub.monitor.wording import Names, said
from tests.support.looks import AT, GROUP, Polls, ends, group, look, waits

MAIL = "mail"
WATCH = Watch(own={GROUP}, joining={GROUP}, channels=(MAIL,))
NOTHING_YET = Memory()
NAMES = Names({"kfb": "Kreisagentur", "06432005": "Eppertshausen"}, GROUP)


A_LOOK = Look(AT, 0.1, {}, {}, frozenset(), {}, {})


def stopped(*numbers: int) -> list[Fault]:
    """Nobody reads at these partitions."""
    return [Fault(State.STOP, GROUP, AT, where=f"referrals/{n}", lag=1) for n in numbers]


def test_faults_of_one_cause_are_one_incident() -> None:
    """All partitions of a stopped group are told at once; another group is another incident."""
    other = Fault(State.STOP, "other", AT)
    turn = incidents.turn((), [*stopped(0, 1, 2), other], AT)

    assert [len(one.faults) for one in turn.opened] == [3, 1]
    assert len({one.id for one in turn.opened}) == 2


def test_an_incident_keeps_its_id_until_it_is_over() -> None:
    """More partitions, or fewer, are the same incident; a new one later is another."""
    (opened,) = incidents.turn((), stopped(0), AT).opened
    wider = incidents.turn([opened], stopped(0, 1), AT)
    over = incidents.turn(wider.open, [], AT + timedelta(minutes=5))
    (again,) = incidents.turn((), stopped(0), AT + timedelta(hours=1)).opened

    assert (wider.opened, wider.closed) == ((), ())
    assert [one.id for one in wider.open] == [opened.id]
    (closed,) = over.closed
    assert (closed.id, closed.closed_at, over.open) == (opened.id, AT + timedelta(minutes=5), ())
    assert again.id != opened.id


def test_each_channel_is_told_of_the_opening_and_of_the_close_once() -> None:
    """However long it lasts: two notices, in order."""
    polls = Polls(WATCH)
    polls.see({GROUP: group(5)}, ends(5))
    polls.see({GROUP: group(5, members=0)}, ends(6), waits(5, 6, polls.at), times=50)
    polls.see({GROUP: group(6)}, ends(6), times=50)

    notices = polls.memory.untold[MAIL]
    assert [(one.opened, one.incident.state) for one in notices] == [
        (True, State.STOP),
        (False, State.STOP),
    ]
    assert notices[0].incident.id == notices[1].incident.id
    assert notices[1].incident.closed_at is not None


def test_a_silent_broker_is_one_incident_and_hides_nothing() -> None:
    """What was known stays; the second failed poll opens the incident, two good ones close it."""
    polls = Polls(WATCH)
    polls.see({GROUP: group(5)}, ends(9), waits(5, 9, AT), times=9)
    memory, snapshot = polls.memory, polls.snapshot
    states = []
    for nth in range(3):
        at = polls.at + timedelta(seconds=10 * nth)
        memory, snapshot = blinded(memory, snapshot, at, "no answer", WATCH)
        states.append({one.state for one in snapshot.incidents})
    polls.memory, polls.at = memory, at

    assert states == [{State.STALL}, {State.STALL, State.BLIND}, {State.STALL, State.BLIND}]
    assert snapshot is not None
    assert [row.group for row in snapshot.rows] == [GROUP]
    polls.see({GROUP: group(9)}, ends(9), times=2)
    assert polls.snapshot is not None
    assert polls.snapshot.incidents == ()


def test_blind_from_the_beginning() -> None:
    """A monitor that starts without a broker says so, and does not fall over."""
    memory, snapshot = blinded(Memory(), None, AT, "no answer", WATCH)
    memory, snapshot = blinded(memory, snapshot, AT + timedelta(seconds=10), "no answer", WATCH)

    assert [one.state for one in snapshot.incidents] == [State.BLIND]
    assert snapshot.blind_since == AT


def test_probes_that_stay_at_one_place_are_one_incident() -> None:
    """It says where and why, concerns who is not reached, and ends when one comes through."""
    sink = f"{GROUP}.backoffice"
    stays = (
        Probed("http_api", "kfb", AT, {}, Stage.INBOX, sink),
        Probed("file_drop", "kfb", AT, {}, Stage.INBOX, sink),
        Probed("file_drop", "06432005", AT, {}, Stage.DOOR, "file_drop", "no room"),
    )
    memory, first = observe(Memory(), A_LOOK, (), WATCH, probed=stays)
    memory, kept = observe(load(dump(memory)), A_LOOK, (), WATCH, probed=None)
    memory, over = observe(memory, A_LOOK, (), WATCH, probed=(stays[0]._replace(stuck=None),))

    inbox, door = sorted(first.incidents, key=lambda one: one.subject, reverse=True)
    assert [len(one.faults) for one in (inbox, door)] == [2, 1]
    assert said(inbox, Language.ENGLISH, NAMES, AT).affected == "Kreisagentur"
    told = said(door, Language.ENGLISH, NAMES, AT)
    assert told.what == (
        "A probe did not come through (file_drop → 06432005). "
        "It stayed at the door: file_drop (no room)."
    )
    assert told.affected == "all parties"
    assert "vor dem Eingang" in said(inbox, Language.GERMAN, NAMES, AT).what
    assert [one.id for one in kept.incidents] == [one.id for one in first.incidents]
    assert over.incidents == ()


def test_a_silent_party_is_an_incident_of_its_own() -> None:
    """It concerns this party, and is told by its name."""
    gap = timedelta(hours=24)
    silence = Silence("06432005", AT - gap, gap, timedelta(hours=4), AT, is_strange=True)
    polls = Polls(WATCH)
    polls.see({GROUP: group(5)}, ends(5), silences=(silence,))
    assert polls.snapshot is not None
    (incident,) = polls.snapshot.incidents

    german = said(incident, Language.GERMAN, NAMES, AT)
    english = said(incident, Language.ENGLISH, NAMES, AT)

    assert german.what.startswith("Eppertshausen hat seit 01.03.2026, 10:00 Uhr nichts gesendet")
    assert "3 Arbeitstage. Üblich ist ein halber Arbeitstag." in german.what
    assert "3 working days. Usual is half a working day." in english.what
    assert german.affected == english.affected == "Eppertshausen"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("state", State)
def test_every_state_can_be_said(state: State, language: Language) -> None:
    """Name, what is wrong, what to do and a runbook are there, and no place is left unfilled."""
    fault = Fault(state, GROUP, AT, "to.kfb/0", 3, AT, "to.kfb/0@7", "sender.1", 1, 2)
    incident = Incident("12345678", state, GROUP, AT, None, (fault,))

    told = said(incident, language, NAMES, AT + timedelta(minutes=7))

    assert all(told)
    assert "{" not in "".join(told)
    assert len(text_of(state, language).runbook) > 40
    assert text_of(state, Language.GERMAN) != text_of(state, Language.ENGLISH)


def test_a_stall_names_reader_record_age_and_parties() -> None:
    """Whoever reads the alert knows where to look, without a second question."""
    faults = (
        Fault(State.STALL, GROUP, AT, "to.kfb/0", 3, AT, "to.kfb/0@7", parties=("kfb",)),
        Fault(
            State.STALL,
            GROUP,
            AT,
            "to.06432005/0",
            1,
            AT + timedelta(minutes=1),
            "to.06432005/0@2",
            parties=("06432005",),
        ),
    )
    incident = Incident("12345678", State.STALL, GROUP, AT, None, faults)

    told = said(incident, Language.ENGLISH, NAMES, AT + timedelta(minutes=12))

    assert told.what == (
        "kurze-wege (the routing) is there and does not move on to.kfb/0, to.06432005/0: "
        "4 events wait, the oldest for 12 minutes (since 2026-03-02 10:00). "
        "The record it stands at is to.kfb/0@7."
    )
    assert told.affected == "Eppertshausen, Kreisagentur"


def test_an_input_topic_concerns_everybody() -> None:
    """What stops all senders is not put down to one."""
    incident = Incident("12345678", State.STOP, GROUP, AT, None, tuple(stopped(0)))

    assert said(incident, Language.GERMAN, NAMES, AT).affected == "alle Parteien"


def test_readers_have_the_same_words_in_both_languages() -> None:
    """No reader is named in one language only."""
    assert readers(Language.GERMAN).keys() == readers(Language.ENGLISH).keys()


@pytest.mark.parametrize(
    ("seconds", "german", "english"),
    [
        (0, "0 Sekunden", "0 seconds"),
        (61, "1 Minute", "1 minute"),
        (7200, "2 Stunden", "2 hours"),
        (86_400, "1 Tag", "1 day"),
        (259_200, "3 Tagen", "3 days"),
    ],
)
def test_spans(seconds: int, german: str, english: str) -> None:
    """The largest unit that is whole, in the singular where it is one."""
    taken = timedelta(seconds=seconds)

    assert phrases.span(taken, Language.GERMAN) == german
    assert phrases.span(taken, Language.ENGLISH) == english


def test_long_lists_are_cut() -> None:
    """An alert of forty partitions stays readable."""
    names = [str(Place("t", n).partition) for n in range(9)]

    assert phrases.listed(names, Language.GERMAN) == "0, 1, 2 und 6 weiteren"
    assert phrases.listed(names[:2], Language.ENGLISH) == "0, 1"


def _ends_in(days: float, memory: Memory = NOTHING_YET) -> tuple[Memory, Snapshot]:
    """What is known when a certificate ends in so many days."""
    one = Expiry("http_api.tls_certificate", "/run/secrets/http.pem", AT + timedelta(days=days))
    unread = Expiry("web.tls_certificate", "/run/secrets/web.pem", None)
    seen = look(AT, {}, ends(0))._replace(expiring=(one, unread))
    return observe(memory, seen, (), WATCH)


@pytest.mark.parametrize(
    ("days", "states"),
    [
        (31, []),
        (29, [State.EXPIRES_SOON]),
        (8, [State.EXPIRES_SOON]),
        (6, [State.EXPIRES_NOW]),
        (-3, [State.EXPIRES_NOW]),
    ],
)
def test_a_certificate_that_ends(days: float, states: list[State]) -> None:
    """A look today thirty days before the end, action now in the last week and after it."""
    _, snapshot = _ends_in(days)

    assert [one.state for one in snapshot.incidents] == states
    for one in snapshot.incidents:
        assert (one.subject, one.faults[0].where) == (
            "/run/secrets/http.pem",
            "http_api.tls_certificate",
        )
        assert one.state.severity is (Severity.ALARM if days < 7 else Severity.WARNING)


def test_a_certificate_is_told_until_it_is_renewed() -> None:
    """One alert when it ends soon, one when it ends now, one when the new one is there."""
    memory, _ = _ends_in(20)
    memory, _ = _ends_in(5, memory)
    memory, snapshot = _ends_in(400, memory)

    assert [(one.opened, one.incident.state) for one in memory.untold[MAIL]] == [
        (True, State.EXPIRES_SOON),
        (False, State.EXPIRES_SOON),
        (True, State.EXPIRES_NOW),
        (False, State.EXPIRES_NOW),
    ]
    assert snapshot.is_fine
    assert load(dump(memory)) == memory


@pytest.mark.parametrize("language", Language)
def test_a_certificate_in_words(language: Language) -> None:
    """Which file of which setting ends when."""
    _, snapshot = _ends_in(5)
    (incident,) = snapshot.incidents
    says = said(incident, language, NAMES, AT)

    for fact in ("/run/secrets/http.pem", "http_api.tls_certificate"):
        assert fact in says.what
    assert phrases.moment(AT + timedelta(days=5), language) in says.what
