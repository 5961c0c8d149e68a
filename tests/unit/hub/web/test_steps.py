"""Each step of a referral as one form."""

import pytest

from hub.casework.happenings import Delivered
from hub.casework.refusals import WouldBeRefused
from hub.domain.transitions import Step
from hub.web import step_fields
from schemas.data import Data
from schemas.events.referral_status_changed import EXPLAINED, ReferralStatusChanged
from schemas.problems import ProblemCode, problem
from schemas.vocabulary import MeetingPlace, Outcome, StatusReason
from tests.support.district import EPPERTSHAUSEN
from tests.support.office import NOW, Stage, stepped
from tests.support.page import Answer, Visitor

APPOINTMENT = {"place": "town_hall", "day": "2026-12-01", "time": "14:30"}
GIVEN: dict[Step, tuple[str, dict[str, str]]] = {
    Step.ACCEPTED: ("R-1001", {}),
    Step.REJECTED: ("R-1001", {"reason": "not_responsible"}),
    Step.FORWARDED: ("R-1001", {"party": "06432008"}),
    Step.CANCELLED: ("R-1001", {"reason": "no_longer_needed"}),
    Step.APPOINTMENT_MADE: ("R-1101", APPOINTMENT),
    Step.APPOINTMENT_MOVED: ("R-1102", APPOINTMENT),
    Step.APPOINTMENT_CANCELLED: ("R-1102", {}),
    Step.NO_SHOW: ("R-1102", {}),
    Step.IN_PROGRESS: ("R-1101", {}),
    Step.ON_HOLD: ("R-1101", {"reason": "documents_missing"}),
    Step.COMPLETED: ("R-1101", {"outcome": "service_received"}),
    Step.FAILED: ("R-1101", {"reason": "client_not_reached"}),
    Step.CANCELLATION_DECLINED: ("R-1101", {}),
    Step.CANCELLATION_REQUESTED: ("K-3002", {"reason": "no_longer_needed"}),
    Step.ENTERED_IN_ERROR: ("K-3002", {}),
}
"""Of each step a case it may be said of, and what its form is given."""


async def fill(visitor: Visitor, case: str, step: Step, **given: str) -> Answer:
    """Open the form of a step, fill it in, send it."""
    address = f"/cases/{case}/steps/{step}"
    return await visitor.send((await visitor.page(address)).form(address), **given)


def test_every_step_that_people_take_has_a_form() -> None:
    """None is left out but what only the hub says."""
    assert set(step_fields.ASKED) == set(GIVEN) == set(Step) - {Step.EXPIRED}


@pytest.mark.every_database
@pytest.mark.parametrize("step", list(GIVEN))
async def test_a_step_is_said(petra: Visitor, desk: Stage, step: Step) -> None:
    """The form, filled in, is one event with what was chosen; the case says that it goes out."""
    case, given = GIVEN[step]
    answer = await fill(petra, case, step, **given)

    assert (answer.status, answer.to) == (303, f"/cases/{case}?done=said#done")
    told, said = desk.said[-1]
    assert isinstance(said, ReferralStatusChanged)
    assert (told, said.status) == (case, step)
    assert said.reason == given.get("reason")
    assert said.outcome == given.get("outcome")
    assert said.new_owner == given.get("party")
    if "day" in given:
        assert said.appointment is not None
        assert said.appointment.at.isoformat() == "2026-12-01T14:30:00+01:00"
        assert said.appointment.place is MeetingPlace.TOWN_HALL


@pytest.mark.parametrize("step", [step for step, (_, given) in GIVEN.items() if given])
async def test_what_is_missing_is_said_beside_its_field(
    petra: Visitor, desk: Stage, step: Step
) -> None:
    """An empty form comes back with its problems, each a link to its field; nothing is said."""
    case, given = GIVEN[step]
    before = len(desk.said)
    answer = await fill(petra, case, step, **dict.fromkeys(given, ""))

    page = answer.page
    assert answer.status == 422
    assert page.title.startswith("Fehler: ")
    assert page.named("div", role="alert")
    for name in given:
        assert f"#{name}" in page.targets or name == "place"
        assert [a for t, a in page.tags if a.get("id") == name]
    assert len(desk.said) == before


async def test_what_was_typed_is_kept(petra: Visitor) -> None:
    """Who forgot one field does not fill in the others again; the form keeps its own mark."""
    address = "/cases/R-1101/steps/appointment-made"
    form = (await petra.page(address)).form(address)
    again = (await petra.send(form, place="phone", day="2026-12-01", time="")).page.form(address)

    assert (again["place"], again["day"], again["time"]) == ("phone", "2026-12-01", "")
    assert (again["form"], again["version"]) == (form["form"], form["version"])


async def test_the_wished_place_is_proposed(petra: Visitor) -> None:
    """What the referral says already is not asked again."""
    address = "/cases/R-1101/steps/appointment-made"

    assert (await petra.page(address)).form(address)["place"] == "town_hall"


async def test_the_wished_place_is_said_where_an_appointment_may_be_left_out(
    petra: Visitor,
) -> None:
    """Who accepts sees beside the places which one was wished; none is chosen for them."""
    address = "/cases/R-1001/steps/accepted"
    page = await petra.page(address)

    assert "Gewünschter Ort: Im Rathaus" in page.text
    assert "place" not in dict(page.form(address).fields)
    assert page.named("fieldset", aria_describedby="place-hint")


@pytest.mark.parametrize(
    ("given", "problem_"),
    [
        ({"day": "2026-11-24"}, "Der Termin muss in der Zukunft liegen."),
        ({"day": "2028-01-10"}, "Der Termin muss innerhalb eines Jahres liegen."),
        ({"day": "31.02.2026"}, "Geben Sie einen Tag an, zum Beispiel 25.11.2026."),
        ({"time": "25:00"}, "Geben Sie eine Uhrzeit an, zum Beispiel 14:30."),
        ({"place": "moon"}, "Wählen Sie einen der Einträge."),
    ],
)
async def test_an_appointment_is_looked_at(
    petra: Visitor, desk: Stage, given: dict[str, str], problem_: str
) -> None:
    """A day that is over, a time that is none, a place nobody offered: said, not sent."""
    before = len(desk.said)
    answer = await fill(petra, "R-1101", Step.APPOINTMENT_MADE, **(APPOINTMENT | given))

    assert answer.status == 422
    assert problem_ in answer.page.text
    assert len(desk.said) == before


@pytest.mark.parametrize(("day", "time"), [("01.12.2026", "14.30"), ("2026-12-01", "14:30:00")])
async def test_days_are_read_as_people_write_them(
    petra: Visitor, desk: Stage, day: str, time: str
) -> None:
    """Where a browser has no field for dates, a day is typed as it is spoken."""
    answer = await fill(petra, "R-1101", Step.APPOINTMENT_MADE, place="phone", day=day, time=time)

    said = desk.said[-1][1]
    assert answer.status == 303
    assert isinstance(said, ReferralStatusChanged)
    assert said.appointment is not None
    assert said.appointment.at.isoformat() == "2026-12-01T14:30:00+01:00"


@pytest.mark.parametrize(
    ("step", "given"),
    [
        (Step.REJECTED, {"reason": "no_answer"}),
        (Step.REJECTED, {"reason": "because"}),
        (Step.FORWARDED, {"party": "kfb"}),
        (Step.FORWARDED, {"party": EPPERTSHAUSEN}),
        (Step.FORWARDED, {"party": "somebody"}),
    ],
)
async def test_what_was_not_offered_is_refused(
    petra: Visitor, desk: Stage, step: Step, given: dict[str, str]
) -> None:
    """A forged value is no choice: not the hub's own reason, not oneself, not back."""
    before = len(desk.said)
    answer = await fill(petra, "R-1001", step, **given)

    assert answer.status == 422
    assert "Wählen Sie einen der Einträge." in answer.page.text
    assert len(desk.said) == before


@pytest.mark.parametrize("step", ["expired", "nonsense", "requested"])
async def test_a_step_that_people_do_not_take_is_not_there(petra: Visitor, step: str) -> None:
    """Only the hub says that time is over."""
    address = f"/cases/R-1001/steps/{step}"

    assert (await petra.get(address)).status == 404
    assert (await petra.post(address, version="1", form="0" * 32)).status == 404


@pytest.mark.every_database
async def test_a_form_sent_twice_counts_once(petra: Visitor, desk: Stage) -> None:
    """A double click, or the back button and again: one event, and the same answer."""
    address = "/cases/R-1001/steps/accepted"
    form = (await petra.page(address)).form(address)
    before = len(desk.said)

    answers = [await petra.send(form) for _ in range(3)]

    assert {(each.status, each.to) for each in answers} == {(303, "/cases/R-1001?done=said#done")}
    assert len(desk.said) == before + 1


@pytest.mark.parametrize(
    "forged",
    [
        {"form": ""},
        {"form": "../../x"},
        {"form": "é" * 32},
        {"form": "G" * 32},
        {"version": "x"},
        {"version": "9" * 30},
    ],
)
async def test_a_form_that_never_stood_on_a_page_is_refused(
    petra: Visitor, desk: Stage, forged: dict[str, str]
) -> None:
    """Without its mark or version nothing is said."""
    before = len(desk.said)
    given = {"version": "1", "form": "0" * 32} | forged
    answer = await petra.post("/cases/R-1001/steps/accepted", **given)

    assert answer.status == 400
    assert len(desk.said) == before


async def test_a_form_without_our_token_is_refused(petra: Visitor, desk: Stage) -> None:
    """What another site sends in a clerk's name changes nothing."""
    before = len(desk.said)
    answer = await petra._client.post(
        "/cases/R-1001/steps/accepted", data={"version": "1", "form": "0" * 32}
    )

    assert answer.status_code == 403
    assert len(desk.said) == before


@pytest.mark.every_database
async def test_who_waited_too_long_is_told(petra: Visitor, murat: Visitor) -> None:
    """Somebody else has claimed the case while the form was open: told at once, or when sent."""
    address = "/cases/R-1001/steps/accepted"
    open_form = (await petra.page(address)).form(address)
    await murat.send((await murat.page("/cases/R-1001")).form("/cases/R-1001/claim"))

    for answer in (await petra.send(open_form), await petra.get(address)):
        assert answer.status == 409
        assert "Murat Muster hat den Vorgang R-1001 inzwischen übernommen." in answer.page.text


@pytest.mark.every_database
async def test_a_step_that_no_longer_fits_says_which_do(petra: Visitor, desk: Stage) -> None:
    """The sender cancelled meanwhile: the page says that it does not fit, and what does."""
    answer = await petra.get("/cases/R-1104/steps/accepted")
    assert answer.status == 409
    assert "Von hier aus ist gerade nichts daran zu tun." in answer.page.text

    fits = await petra.get("/cases/R-1101/steps/accepted")
    assert fits.status == 409
    assert fits.page.links["Termin vereinbaren"] == "/cases/R-1101/steps/appointment-made"

    address = "/cases/R-1002/steps/accepted"
    form = (await petra.page(address)).form(address)
    gone = stepped(Step.CANCELLED, reason=StatusReason.NO_LONGER_NEEDED)
    desk.happens("R-1002", Delivered(NOW, EPPERTSHAUSEN, gone))
    late = await petra.send(form)
    assert late.status == 409
    assert "hat sich geändert, seit Sie ihn angesehen haben" in late.page.text


async def test_what_the_hub_would_refuse_is_said_in_the_form(
    petra: Visitor, desk: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk knows the hub's rules: the problem stands beside its field before it is sent."""

    def refuse(*_: object) -> Data:
        code = ProblemCode.COMMITMENT_MISSING
        raise WouldBeRefused([problem(code, field="new_owner")])

    monkeypatch.setattr(desk, "say", refuse)
    answer = await fill(petra, "R-1001", Step.FORWARDED, party="06432008")

    assert answer.status == 422
    assert "#party" in answer.page.targets
    assert "Dieser Anbieter hat sich noch nicht nach § 78 SGB X verpflichtet" in answer.page.text


@pytest.mark.every_database
async def test_an_acceptance_may_bring_its_appointment(petra: Visitor, desk: Stage) -> None:
    """Accepting and meeting are one form, if one likes; half an appointment is none."""
    half = await fill(petra, "R-1001", Step.ACCEPTED, day="2026-12-01")
    assert half.status == 422

    whole = await fill(petra, "R-1001", Step.ACCEPTED, **APPOINTMENT)
    said = desk.said[-1][1]
    assert whole.status == 303
    assert isinstance(said, ReferralStatusChanged)
    assert said.appointment is not None


def test_reasons_are_asked_where_the_contract_wants_one() -> None:
    """Every step that is only said with a reason asks for it, and no other does."""
    asks = {step for step, asked in step_fields.ASKED.items() if asked.reasons}

    assert asks == EXPLAINED
    assert all(StatusReason.NO_ANSWER not in each.reasons for each in step_fields.ASKED.values())
    assert step_fields.ASKED[Step.COMPLETED].outcome
    assert list(Outcome)
