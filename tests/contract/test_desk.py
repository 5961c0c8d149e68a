"""A desk in SQL: what comes in is a case, what is said goes out, on each database."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from typing import Final

import pytest

from connectors.errors import Broken, Later
from hub.casework.case_file import Kind, Sending
from hub.casework.desk import Desk, Terms, Wanted
from hub.casework.refusals import (
    CaseNotHere,
    ChangedMeanwhile,
)
from hub.casework.views import View
from hub.place_file import load_places
from hub.stores.casework.sql_desk import SqlDesk
from hub.stores.offers.ranking import OfferRanking
from hub.stores.offers.reading import open_for_reading
from schemas.codec import Record
from schemas.events.handover_continued import HandoverContinued
from schemas.events.ledger_recorded import HandoverState
from schemas.vocabulary import LegalBasis, Purpose
from tests.support.builders import (
    DARMSTADT_AGS,
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    NOW,
    a_correction,
    a_referral,
    a_step,
    an_offer,
)
from tests.support.desk_tables import DeskOf, DeskTables, asked
from tests.support.desks_in_memory import Hub
from tests.support.offer_shelf import Shelf
from tests.support.referral_courses import APPOINTMENT, saying

MINUTE: Final = timedelta(minutes=1)
ASKING: Final = Terms(Purpose.INTEGRATION, LegalBasis.SGB10_69)
OFFERING: Final = Terms(Purpose.DIRECTORY, LegalBasis.SGB1_17)


def test_from_one_desk_to_the_other_and_back(desk_of: DeskOf) -> None:
    """Asked by hand, accepted with an appointment: each side sees how far it has come."""
    town, kfb = desk_of(EPPERTSHAUSEN), desk_of(KFB)
    case = town.desk.start(a_referral().data, ASKING, "bert", "form-1", NOW)
    waiting = town.desk.peek(case)
    assert (waiting.sending, waiting.other, waiting.is_ours) == (Sending.BEING_SENT, KFB, False)
    (event,) = town.publish()
    assert town.desk.peek(case).sending is Sending.SENT
    assert town.outgoing() == []
    kfb.hub.take(event, NOW)
    town.deliver()
    assert town.desk.peek(case).sending is Sending.CONFIRMED

    kfb.deliver()
    assert kfb.listed(View.UNASSIGNED) == [case]
    opened = kfb.desk.open(case, "anna", NOW)
    assert opened.content == a_referral().data
    assert opened.terms == ASKING
    claimed = kfb.desk.claim(case, "anna", opened.file.version, NOW)
    said = saying("accepted", appointment=APPOINTMENT)
    accepted = kfb.desk.say(case, "anna", claimed.version, said, "form-2", NOW + MINUTE)
    assert (accepted.status, accepted.sending) == ("accepted", Sending.BEING_SENT)
    assert accepted.appointment_place == "town_hall"
    kfb.send(NOW + MINUTE)
    kfb.deliver()
    confirmed = kfb.desk.peek(case)
    assert confirmed.sending is Sending.CONFIRMED
    assert confirmed.version == accepted.version, "a receipt makes nobody's page stale"

    town.deliver()
    answered = town.desk.peek(case)
    assert (answered.status, answered.sending) == ("accepted", Sending.NOTHING)
    assert answered.appointment_at == confirmed.appointment_at
    assert town.listed(View.WAITING) == [case]


def test_what_a_list_shows(desk_of: DeskOf) -> None:
    """A case stands in the views it belongs to, with nothing of the person."""
    kfb = asked(desk_of, urgency="urgent")
    (file,) = kfb.desk.cases(_wanted(View.ALL), NOW).cases
    assert (file.kind, file.status, file.service) == (Kind.REFERRAL, "requested", "benefit_advice")
    assert (file.urgency, file.wished_place, file.ags) == ("urgent", "town_hall", EPPERTSHAUSEN)
    assert (file.other, file.is_ours, file.assigned_to) == (EPPERTSHAUSEN, True, None)
    assert "Beispiel" not in str(file)
    kept = kfb.count("SELECT count(*) FROM case_files WHERE course LIKE '%Beispiel%'")
    assert kept == 0
    counts = kfb.desk.counts("anna", NOW)
    assert {view for view, number in counts.items() if number} == {View.UNASSIGNED, View.ALL}


def test_a_refused_step_is_undone(desk_of: DeskOf) -> None:
    """The other side was faster: the case stands as it does at the hub, and the refusal shows."""
    kfb, town = asked(desk_of), desk_of(EPPERTSHAUSEN)
    town.deliver()
    version = kfb.desk.peek("case-1").version
    kfb.desk.say("case-1", "anna", version, saying("accepted"), "form-1", NOW)
    steps = town.desk.open("case-1", "bert", NOW).steps
    assert "cancelled" in steps
    town.desk.say(
        "case-1", "bert", town.desk.peek("case-1").version, saying("cancelled"), "form-1", NOW
    )
    town.send()
    kfb.send()
    kfb.deliver()
    file = kfb.desk.peek("case-1")
    assert (file.status, file.sending, file.problem) == (
        "cancelled",
        Sending.REFUSED,
        "step-out-of-order",
    )
    assert kfb.listed(View.FAULTY) == ["case-1"]
    noted = kfb.desk.done("case-1", "anna", file.version, NOW)
    assert (noted.problem, noted.is_over, noted.sending) == (None, True, Sending.NOTHING)
    assert kfb.listed(View.DONE) == ["case-1"]
    said = [moment for moment in kfb.desk.history("case-1") if moment.step == "accepted"]
    assert [moment.sending for moment in said] == [Sending.REFUSED]


def test_a_move_across_the_border(desk_of: DeskOf) -> None:
    """A move is entered, its hand-over stays open until it is continued."""
    kfb = desk_of(KFB)
    move = a_correction(on="case-9", new_ags=DARMSTADT_AGS)
    kfb.hub.take(move, NOW)
    kfb.deliver()
    file = kfb.desk.peek("case-9")
    assert (file.kind, file.to_enter, file.handover) == (Kind.HANDOVER, True, HandoverState.OPEN)
    entered = kfb.desk.done("case-9", "anna", file.version, NOW)
    assert (entered.to_enter, entered.is_over, entered.assigned_to) == (False, False, "anna")
    kfb.hub.take(a_correction(on="case-9", new_ags=DARMSTADT_AGS, corrects="e-1"), NOW)
    kfb.deliver()
    with pytest.raises(ChangedMeanwhile):
        kfb.desk.say(
            "case-9",
            "anna",
            entered.version,
            HandoverContinued.model_validate({"continued_since": "2026-04-01"}),
            "form-1",
            NOW,
        )
    again = kfb.desk.peek("case-9")
    assert again.to_enter
    continued = HandoverContinued.model_validate({"continued_since": "2026-04-01"})
    ended = kfb.desk.say("case-9", "anna", again.version, continued, "form-1", NOW)
    assert ended.handover is HandoverState.ENDED
    kfb.send()
    kfb.deliver()
    assert kfb.desk.peek("case-9").sending is Sending.CONFIRMED
    assert kfb.listed(View.ADDRESS_CHANGES) == ["case-9"]
    papers = kfb.desk.open("case-9", "anna", NOW).papers
    assert [paper.data.TYPE for paper in papers].count("address-change.corrected") == 2


def test_an_offer_published_by_hand(desk_of: DeskOf) -> None:
    """It is sent, nothing is to be done, and its number is a case's."""
    town = desk_of(EPPERTSHAUSEN)
    offer = town.desk.start(an_offer().data, OFFERING, "bert", "form-1", NOW)
    assert town.desk.peek(offer).kind is Kind.OFFER
    town.send()
    town.deliver()
    assert town.listed(View.DONE) == [offer]
    file = town.desk.peek(offer)
    assert (file.sending, file.is_over) == (Sending.CONFIRMED, True)
    assert town.desk.open(offer, "bert", NOW).content == an_offer().data


def test_what_cannot_be_read(desk_of: DeskOf) -> None:
    """A record that is no event is a case to be noted, and stops nothing."""
    kfb = desk_of(KFB)
    kfb.put(Record(b"x", b"\xff", (("ce_id", b"\xff"),)))
    kfb.hub.take(a_referral(), NOW)
    kfb.deliver()
    (case,) = kfb.listed(View.FAULTY)
    file = kfb.desk.peek(case)
    assert (case, file.kind, file.problem) == ("to.kfb-0-0", Kind.UNREADABLE, "attribute-invalid")
    assert kfb.desk.open(case, "anna", NOW).content is None
    assert kfb.desk.done(case, "anna", file.version, NOW).is_over
    assert kfb.listed(View.UNASSIGNED) == ["case-1"]


def test_opening_is_recorded(desk_of: DeskOf) -> None:
    """Who opened which case when; looking at the list, or at nothing, leaves no record."""
    kfb = asked(desk_of)
    kfb.listed()
    kfb.desk.peek("case-1")
    kfb.desk.open("case-1", "anna", NOW)
    kfb.desk.open("case-1", "bert", NOW + MINUTE)
    with pytest.raises(CaseNotHere):
        kfb.desk.open("no-case", "anna", NOW)
    opened = [moment for moment in kfb.desk.history("case-1") if moment.what == "opened"]
    assert [(moment.by, moment.at) for moment in opened] == [
        ("anna", NOW),
        ("bert", NOW + MINUTE),
    ]
    assert kfb.count("SELECT count(*) FROM acts") == 2


def test_a_history_has_no_content(desk_of: DeskOf) -> None:
    """An auditor sees what happened, by codes and ids."""
    kfb = asked(desk_of)
    said = saying("accepted", appointment=APPOINTMENT)
    kfb.desk.say("case-1", "anna", kfb.desk.peek("case-1").version, said, "form-1", NOW)
    kfb.send(NOW + MINUTE)
    kfb.deliver()
    requested, accepted, receipt = kfb.desk.history("case-1")
    assert (requested.by, requested.details["rule"]) == (
        EPPERTSHAUSEN,
        "referral-by-service-and-residence",
    )
    assert (accepted.by, accepted.step, accepted.sending) == (
        "anna",
        "accepted",
        Sending.CONFIRMED,
    )
    assert accepted.details["appointment_place"] == "town_hall"
    assert receipt.details["recipients"] == EPPERTSHAUSEN
    assert receipt.details["about"] == "referral.status-changed"
    assert receipt.details["event"] == accepted.details["event"]
    assert "Beispiel" not in str(kfb.desk.history("case-1"))
    with pytest.raises(CaseNotHere):
        kfb.desk.history("no-case")


def test_rows_and_files_together(desk_of: DeskOf) -> None:
    """Where a case cannot be kept, neither its delivery nor the position is."""
    kfb = desk_of(KFB)
    kfb.hub.take(a_referral(), NOW)

    def fails(*_: object) -> None:
        raise ArithmeticError

    with kfb.sink(fails) as sink, pytest.raises(ArithmeticError):
        sink.write(kfb.waiting())
    assert kfb.count("SELECT count(*) FROM inbox") == 0
    kfb.deliver()
    assert kfb.listed() == ["case-1"]


def test_an_inbox_that_was_there_before(desk_of: DeskOf) -> None:
    """What was delivered before there was a desk is on it when it is opened."""
    kfb = asked(desk_of)
    kfb.desk.say(
        "case-1", "anna", kfb.desk.peek("case-1").version, saying("accepted"), "form-1", NOW
    )
    kfb.put(Record(None, b"", ()))
    kfb.send()
    kfb.deliver()
    before = kfb.desk.peek("case-1")
    with kfb.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM case_files")
        connection.exec_driver_sql("DELETE FROM desk")
    with pytest.raises(Broken):
        kfb.desk.claim("case-1", "anna", 0, NOW)
    with DeskTables(kfb.url, KFB, kfb.hub) as anew:
        file = anew.desk.peek("case-1")
        assert (file.status, file.due_at, file.other) == (
            before.status,
            before.due_at,
            before.other,
        )
        assert len(anew.listed(View.FAULTY)) == 1


def test_news(desk_of: DeskOf) -> None:
    """What has come into a view since a page was shown is counted; a receipt is no news."""
    kfb = asked(desk_of)
    mark = kfb.desk.cases(_wanted(View.UNASSIGNED), NOW).mark
    news = [kfb.desk.news(mark, View.UNASSIGNED, "anna", NOW)]
    kfb.hub.take(a_referral(on="case-2"), NOW)
    kfb.deliver()
    news.append(kfb.desk.news(mark, View.UNASSIGNED, "anna", NOW))
    version = kfb.desk.peek("case-2").version
    kfb.desk.say("case-2", "bert", version, saying("accepted"), "form-1", NOW)
    news.append(kfb.desk.news(mark, View.UNASSIGNED, "anna", NOW))
    mark = kfb.desk.cases(_wanted(View.ALL), NOW).mark
    kfb.send()
    kfb.deliver()
    news.append(kfb.desk.news(mark, View.ALL, "anna", NOW))
    assert news == [0, 1, 0, 0]


def test_markup_and_odd_characters(desk_of: DeskOf) -> None:
    """What a clerk writes comes out as it was written; a NUL, for which there is no room, blank."""
    town = desk_of(EPPERTSHAUSEN)
    note = "<script>alert('ä')</script> \"; DROP TABLE outbox; -- \u2028 \0 🙂"
    data = a_referral(service="job_placement", note=note).data
    case = town.desk.start(data, ASKING, "bert", "form-1", NOW)
    (event,) = town.outgoing()
    assert event.data.note == note.replace("\0", " ")  # type: ignore[attr-defined]
    assert town.desk.start(data, ASKING, "bert", "form-1", NOW) == case


@pytest.mark.postgres
def test_a_database_that_is_away(request: pytest.FixtureRequest) -> None:
    """Everybody is told to come again, without a word of what stands in the rows."""
    server = request.getfixturevalue("postgres")
    with DeskTables(server.new_database(), KFB, Hub()) as kfb:
        desk: Desk = kfb.desk
        kfb.hub.take(a_referral(), NOW)
        kfb.deliver()
        version = desk.peek("case-1").version
        server.stop()
        try:
            for call in (
                lambda: desk.counts("anna", NOW),
                lambda: desk.open("case-1", "anna", NOW),
                lambda: desk.claim("case-1", "anna", version, NOW),
            ):
                with pytest.raises(Later) as said:
                    call()
                assert "case-1" not in str(said.value)
        finally:
            server.start()
        assert desk.claim("case-1", "anna", version, NOW).assigned_to == "anna"


def _wanted(view: View) -> Wanted:
    return Wanted(view, "anna")


def test_offers_beside_a_referral(desk_of: DeskOf) -> None:
    """What suits an open referral is shown with it, the best first; not when it is over."""
    kfb = desk_of(KFB)
    kfb.hub.take(a_referral(service="debt_counselling", by=KFB, client={"ags": DIEBURG}), NOW)
    kfb.hub.take(a_referral(on="case-2"), NOW)
    dieburg = desk_of(DIEBURG)
    dieburg.deliver()
    offers = Shelf(dieburg.url)
    advice = {"service": "debt_counselling", "category": "counselling"}
    offers.told(
        an_offer(on="offer-full", capacity=_places("no-capacity", 0), **advice),
        an_offer(on="offer-far", service_area=[EPPERTSHAUSEN], **advice),
        an_offer(on="offer-free", capacity=_places("capacity", 3), **advice),
        an_offer(on="offer-other"),
        party=DIEBURG,
    )
    with (
        closing(OfferRanking(open_for_reading(dieburg.url), load_places())) as ranking,
        closing(SqlDesk(dieburg.url, dieburg.here, ranking.ranked)) as desk,
    ):
        opened = desk.open("case-1", "dora", NOW)
        assert [match.offer.id for match in opened.matches] == ["offer-free"]
        assert not dieburg.desk.open("case-1", "dora", NOW).matches
        desk.say("case-1", "dora", opened.file.version, saying("rejected"), "form-1", NOW)
        assert not desk.open("case-1", "dora", NOW).matches


def _places(status: str, free: int) -> dict[str, object]:
    return {"status": status, "available": free, "updated": NOW}


def test_the_first_opening_is_told(desk_of: DeskOf) -> None:
    """Its sender sees once that somebody at the other side has opened it; nobody's name goes."""
    town, kfb = desk_of(EPPERTSHAUSEN), desk_of(KFB)
    case = town.desk.start(a_referral().data, ASKING, "bert", "form-1", NOW)
    town.send()
    town.deliver()
    kfb.deliver()
    together = threading.Barrier(2)

    def look(clerk: str) -> None:
        together.wait()
        kfb.desk.open(case, clerk, NOW + MINUTE)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(look, ("anna", "bert")))
    (told,) = kfb.outgoing()
    assert (told.data.TYPE, told.context.subject) == ("referral.opened", case)
    assert "anna" not in str(told)
    kfb.send(NOW + MINUTE)
    kfb.desk.open(case, "anna", NOW + MINUTE)
    assert kfb.outgoing() == []
    kfb.deliver()
    town.deliver()
    assert town.desk.peek(case).seen_at == NOW + MINUTE
    assert [moment.what for moment in kfb.desk.history(case)] == [
        "referral.requested",
        "opened",
        "opened",
        "opened",
    ]
    seen = town.desk.history(case)[-1]
    assert (seen.what, seen.by) == ("receipt.seen", KFB)


def test_only_the_owners_first_look_is_told(desk_of: DeskOf) -> None:
    """Neither the sender's own look, nor one at a move, nor one at what is over."""
    town, kfb = desk_of(EPPERTSHAUSEN), asked(desk_of)
    town.deliver()
    town.desk.open("case-1", "bert", NOW)
    assert town.outgoing() == []
    kfb.hub.take(a_correction(on="case-2"), NOW)
    kfb.hub.take(a_step("cancelled", by=EPPERTSHAUSEN, reason="client_declined"), NOW)
    kfb.deliver()
    for case in ("case-1", "case-2"):
        kfb.desk.open(case, "anna", NOW)
    assert kfb.outgoing() == []


def test_opened_by_one_who_has_it_no_more(desk_of: DeskOf) -> None:
    """That the hub refuses to hear of it is nothing a clerk has to look after."""
    kfb = asked(desk_of)
    kfb.desk.open("case-1", "anna", NOW)
    kfb.hub.take(a_step("forwarded", new_owner=DIEBURG), NOW)
    kfb.send()
    kfb.deliver()
    assert kfb.desk.peek("case-1").problem is None
    assert kfb.listed(View.FAULTY) == []
