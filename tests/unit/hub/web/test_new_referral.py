"""A referral sent by hand, by a town hall without a system of its own."""

import pytest

from hub.casework.refusals import WouldBeRefused
from hub.web.referral_form import usual_terms
from schemas.events.referral_requested import REFERRAL_PURPOSES, ReferralRequested
from schemas.problems import ProblemCode, problem
from schemas.vocabulary import LegalBasis, Purpose, Service
from tests.support.district import EPPERTSHAUSEN
from tests.support.office import AUDITOR, PARTIES, Stage, office
from tests.support.page import Answer, Visitor

ADDRESS = "/referrals/new"
WHOLE = {
    "service": "benefit_advice",
    "place": "kranichstein",
    "received_on": "2026-11-24",
    "given_names": "Ute",
    "family_name": "Beispiel",
    "birth_date": "1980-02-29",
    "town": EPPERTSHAUSEN,
}


@pytest.fixture
def party() -> str:
    """It is the desk of Eppertshausen."""
    return EPPERTSHAUSEN


async def fill(visitor: Visitor, **given: str) -> Answer:
    """Open the form, fill it in, send it."""
    return await visitor.send((await visitor.page(ADDRESS)).form(ADDRESS), **given)


def sent(desk: Stage) -> ReferralRequested:
    """What was sent last."""
    said = desk.said[-1][1]
    assert isinstance(said, ReferralRequested)
    return said


async def test_what_is_known_is_filled_in(petra: Visitor) -> None:
    """The town hall's own town, today as filing date, and the town hall as place."""
    form = (await petra.page(ADDRESS)).form(ADDRESS)

    assert (form["town"], form["received_on"]) == (EPPERTSHAUSEN, "2026-11-25")
    assert form["place"] == "town_hall"


@pytest.mark.every_database
async def test_a_referral_goes_out(petra: Visitor, desk: Stage) -> None:
    """What is needed is enough; the case has a page of its own at once."""
    answer = await fill(petra, **WHOLE)

    case, said = desk.said[-1][0], sent(desk)
    assert answer.to == f"/cases/{case}?done=sent#done"
    assert (said.client.given_names, said.client.family_name) == ("Ute", "Beispiel")
    assert said.client.client_id.startswith("P-")
    assert said.first_received_at.isoformat() == "2026-11-24T00:00:00+01:00"
    assert said.first_received_by == EPPERTSHAUSEN
    assert desk.terms[case] == (Purpose.BENEFITS, LegalBasis.SGB1_16_2, None)
    page = await petra.page(answer.to)
    assert "Ihre Überweisung ist gespeichert und wird jetzt gesendet." in page.text
    assert "angefragt bei Kreisagentur für Beschäftigung Darmstadt-Dieburg" in page.text


async def test_everything_that_can_be_said(petra: Visitor, desk: Stage) -> None:
    """Address, ways to reach the client, languages, remark, sign and named party."""
    form = (await petra.page(ADDRESS)).form(ADDRESS)
    more = {
        "client_id": "E-0815",
        "phone": "06071 12345",
        "email": "ute@example.org",
        "street": "Röderweg",
        "house_number": "12a",
        "postal_code": "64859",
        "city": "Eppertshausen",
        "note": "Kommt mit Kind.\r\nBitte Aufzug.",
        "urgency": "urgent",
        "recipient": "kfb",
        "received_on": "2026-11-25",
    }
    given = [*form.fields, ("speech", "tr"), ("speech", "de"), ("contact_prohibited", "yes")]
    kept = [(k, v) for k, v in given if k not in WHOLE | more and k != "csrf_token"]
    answer = await petra.post(ADDRESS, *kept, **(WHOLE | more))

    client = sent(desk).client
    assert answer.status == 303
    assert client.address is not None
    assert (client.address.house_number, client.languages) == ("12a", ("de", "tr"))
    assert client.contact_prohibited
    assert sent(desk).note == "Kommt mit Kind.\nBitte Aufzug."
    assert sent(desk).first_received_at.isoformat() == "2026-11-25T00:00:00+01:00"
    assert desk.terms[desk.said[-1][0]].recipient == "kfb"


@pytest.mark.parametrize("service", list(Service))
def test_every_service_has_usual_terms(service: Service) -> None:
    """Purpose and legal basis follow from the service, within what the party has declared."""
    party = PARTIES.by_id[EPPERTSHAUSEN]
    purpose, basis = usual_terms(service, party)

    assert purpose in REFERRAL_PURPOSES
    assert basis in party.sends["referral"]


async def test_no_free_text_travels_with_municipal_services(petra: Visitor, desk: Stage) -> None:
    """A remark with debt counselling is refused here (§203 StGB); without it the referral goes."""
    given = WHOLE | {"service": "debt_counselling", "town": "06432008"}
    answer = await fill(petra, **given, note="Hat Schulden.")
    assert answer.status == 422
    assert "darf keine Bemerkung mitgehen" in answer.page.text
    assert desk.said == []

    assert (await fill(petra, **given)).status == 303
    assert desk.terms[desk.said[-1][0]][:2] == (Purpose.MUNICIPAL_SERVICES, LegalBasis.SGB2_16A)


async def test_a_local_offer_is_named_with_who_has_it_and_on_consent(
    petra: Visitor, desk: Stage
) -> None:
    """Offer, party and signed consent are asked for, each beside its field."""
    given = WHOLE | {"service": "local_offer"}
    answer = await fill(petra, **given)
    assert {"#offer_id", "#recipient", "#consent_id", "#consent_on"} <= set(answer.page.targets)

    whole = given | {
        "offer_id": "A-7001",
        "recipient": "06432008",
        "consent_id": "EW-2026-17",
        "consent_on": "2026-11-20",
    }
    assert (await fill(petra, **whole)).status == 303
    consent = sent(desk).consent
    assert consent is not None
    assert consent.consent_id == "EW-2026-17"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"service": ""}, "service"),
        ({"service": "magic"}, "service"),
        ({"place": "moon"}, "place"),
        ({"town": "06411000"}, "town"),
        ({"town": "'; DROP TABLE"}, "town"),
        ({"family_name": " "}, "family_name"),
        ({"family_name": "x" * 121}, "family_name"),
        ({"birth_date": "2026-11-26"}, "birth_date"),
        ({"birth_date": "30.02.1980"}, "birth_date"),
        ({"received_on": "2026-11-26"}, "received_on"),
        ({"phone": "ruf mich an"}, "phone"),
        ({"email": "ute"}, "email"),
        ({"street": "Röderweg"}, "house_number"),
        (
            {"street": "A", "house_number": "zwölf", "postal_code": "64859", "city": "B"},
            "house_number",
        ),
        (
            {"street": "A", "house_number": "1", "postal_code": "648590", "city": "B"},
            "postal_code",
        ),
        ({"client_id": "Ute Beispiel"}, "client_id"),
        ({"offer_id": "A-7001"}, "offer_id"),
        ({"note": "x" * 501}, "note"),
        ({"recipient": EPPERTSHAUSEN}, "recipient"),
        ({"legal_basis": "bmg-33-4"}, "legal_basis"),
        ({"purpose": "protection"}, "purpose"),
        ({"urgency": "never"}, "urgency"),
    ],
)
async def test_what_is_not_right_is_said_and_nothing_goes_out(
    petra: Visitor, desk: Stage, given: dict[str, str], field: str
) -> None:
    """Each entry is looked at here; what was typed is still there."""
    answer = await fill(petra, **(WHOLE | given))

    page = answer.page
    assert answer.status == 422
    assert f"#{field}" in page.targets
    assert [a for t, a in page.tags if a.get("id") == field]
    assert [a for t, a in page.tags if a.get("id") == f"{field}-problem"]
    assert page.form(ADDRESS)["given_names"] == "Ute"
    assert desk.said == []


@pytest.mark.every_database
async def test_sent_twice_is_one_referral(petra: Visitor, desk: Stage) -> None:
    """A double click makes one case."""
    form = (await petra.page(ADDRESS)).form(ADDRESS)
    answers = [await petra.send(form, **WHOLE) for _ in range(2)]

    assert answers[0].to == answers[1].to
    assert len(desk.said) == 1


async def test_what_the_hub_would_refuse_stands_beside_its_field(
    petra: Visitor, desk: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub's own rules are asked before anything goes out; a general problem stands on top."""

    def refuse(*_: object) -> str:
        raise WouldBeRefused(
            [
                problem(ProblemCode.AREA_UNKNOWN, field="client.ags"),
                problem(ProblemCode.NO_RECIPIENT),
            ]
        )

    monkeypatch.setattr(desk, "start", refuse)
    page = (await fill(petra, **WHOLE)).page

    assert {"#town", "#main"} <= set(page.targets)
    assert "Im Landkreis gibt es diese Gemeinde nicht." in page.text


async def test_who_only_looks_sends_nothing(desk: Stage) -> None:
    """An auditor has no such page."""
    auditor = Visitor(office(desk), AUDITOR.id)

    assert (await auditor.get(ADDRESS)).status == 403
