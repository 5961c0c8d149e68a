"""The page of a case as a clerk, a lead and an auditor meet it."""

import re
from datetime import timedelta

import pytest

from hub.casework.happenings import Confirmed, Refused
from hub.domain.matching import rank
from hub.domain.need import need_of
from hub.domain.offers import after
from hub.domain.transitions import Step
from hub.place_file import load_places
from schemas.events.referral_requested import ReferralRequested
from tests.support.builders import an_offer
from tests.support.district import EPPERTSHAUSEN
from tests.support.office import CLERKS, MURAT, NOW, PETRA, Stage, fill, memory_desk, office
from tests.support.page import Visitor


@pytest.mark.every_database
async def test_it_says_who_what_where_and_until_when(petra: Visitor, desk: Stage) -> None:
    """The client, the concern, the deadline in words, and the law it was sent on."""
    content = desk.open("R-1002", PETRA.id, NOW).content
    assert isinstance(content, ReferralRequested)
    page = await petra.page("/cases/R-1002")

    assert page.headings[:3] == ["Vorgang R-1002", "Person", "Anliegen"]
    assert f"{content.client.given_names} {content.client.family_name}" in page.text
    assert "Überweisung: Fallmanagement vor Ort · von Eppertshausen" in page.text
    assert "fällig Di., 24. November 2026, seit 1 Arbeitstag überfällig" in page.text
    assert "Gesetzliche soziale Aufgabe (§ 69 SGB X)" in page.text


async def test_a_deadline_to_come_is_said_in_working_days(english: Visitor, petra: Visitor) -> None:
    """The same in both languages, each as it writes dates."""
    german, other = await petra.page("/cases/R-2003"), await english.page("/cases/R-2003")

    assert "fällig Fr., 27. November 2026, in 2 Arbeitstagen" in german.text
    assert "due Fri 27 November 2026, in 2 working days" in other.text


@pytest.mark.every_database
async def test_opening_is_recorded_and_said(petra: Visitor, desk: Stage) -> None:
    """Who opens a case stands in its history, and the page says that it does."""
    page = await petra.page("/cases/R-1001")

    assert [(m.what, m.by) for m in desk.history("R-1001")][-1] == ("opened", PETRA.id)
    assert "Geöffnet Petra Beispiel" in page.text.replace(" · ", " ")
    assert "Dass Sie diesen Vorgang geöffnet haben, wird festgehalten." in page.text


async def test_the_steps_lead_on(petra: Visitor) -> None:
    """What may be said now is linked, what leads on first; who has an appointment may move it."""
    fresh, agreed = await petra.page("/cases/R-1001"), await petra.page("/cases/R-1102")

    steps = [words for words, href in fresh.links.items() if "/steps/" in href]
    assert steps == ["Annehmen", "Ablehnen", "Überweisung abbrechen", "Weiterleiten"]
    moves = [words for words, href in agreed.links.items() if "/steps/" in href]
    assert moves[:2] == ["Termin verschieben", "Abschließen"]
    assert "Termin vereinbaren" not in moves


@pytest.mark.every_database
async def test_claiming_and_releasing(petra: Visitor, murat: Visitor) -> None:
    """One button takes a case over, another lets go; colleagues see who has it."""
    page = await petra.page("/cases/R-1001")
    answer = await petra.send(page.form("/cases/R-1001/claim"))
    assert (answer.status, answer.to) == (303, "/cases/R-1001?done=claimed#done")

    mine = await petra.page(answer.to)
    assert "Sie haben diesen Vorgang übernommen." in mine.text
    theirs = await murat.page("/cases/R-1001")
    assert "Petra Beispiel bearbeitet diesen Vorgang." in theirs.text
    assert not [href for href in theirs.links.values() if "/steps/" in href]
    assert [form.action for form in theirs.forms if "/cases/" in form.action] == []

    again = await petra.send(mine.form("/cases/R-1001/release"))
    assert again.to == "/cases/R-1001?done=released#done"
    assert "Vorgang übernehmen" in (await murat.page("/cases/R-1001")).text


@pytest.mark.every_database
async def test_the_second_is_told_who_was_faster(petra: Visitor, murat: Visitor) -> None:
    """Two open the same case; who claims it second is told who has it and what to do."""
    mine, theirs = [
        (await each.page("/cases/R-1001")).form("/cases/R-1001/claim") for each in (petra, murat)
    ]
    await petra.send(mine)
    answer = await murat.send(theirs)

    assert answer.status == 409
    assert answer.page.headings == ["Nicht ausgeführt: Jemand war schneller"]
    assert "Petra Beispiel hat den Vorgang R-1001 inzwischen übernommen." in answer.page.text
    assert "Sprechen Sie mit Petra Beispiel, oder wählen Sie einen anderen Vorgang." in (
        answer.page.text
    )


@pytest.mark.every_database
async def test_a_lead_releases_what_others_have(petra: Visitor, lead: Visitor) -> None:
    """Who is ill does not keep cases from others."""
    await petra.send((await petra.page("/cases/R-1001")).form("/cases/R-1001/claim"))

    page = await lead.page("/cases/R-1001")
    assert "Für Petra Beispiel freigeben" in page.text
    await lead.send(page.form("/cases/R-1001/release"))
    assert "Annehmen" in (await lead.page("/cases/R-1001")).links


async def test_a_clerk_does_not_release_what_others_have(petra: Visitor, murat: Visitor) -> None:
    """A forged form by somebody without that right changes nothing."""
    form = (await murat.page("/cases/R-1001")).form("/cases/R-1001/claim")
    await murat.send(form)
    version = (await murat.page("/cases/R-1001")).form("/cases/R-1001/release")["version"]

    answer = await petra.post("/cases/R-1001/release", version=version)

    assert answer.status == 409
    assert "Murat Muster" in answer.page.text


@pytest.mark.every_database
async def test_an_auditor_sees_what_happened_not_what_it_contains(
    auditor: Visitor, petra: Visitor, desk: Stage
) -> None:
    """The trail with who opened it; no name, no address, no remark, no step; no record either."""
    await petra.page("/cases/R-1102")
    before = desk.history("R-1102")
    content = desk.open("R-1102", PETRA.id, NOW).content
    assert isinstance(content, ReferralRequested)
    page = await auditor.page("/cases/R-1102")

    assert page.headings == ["Verlauf des Vorgangs R-1102", "Verlauf"]
    assert "Petra Beispiel" in page.text
    assert "Angenommen" in page.text
    for hidden in (content.client.family_name, content.client.client_id, content.note or "?"):
        assert hidden not in page.html
    assert len(desk.history("R-1102")) == len(before) + 1  # the clerk's own look in this test


@pytest.mark.parametrize("address", ["/cases/R-1001/steps/accepted", "/referrals/new"])
async def test_an_auditor_works_no_cases(auditor: Visitor, address: str) -> None:
    """What only clerks do is refused with a page, whether asked for or sent."""
    asked, sent = await auditor.get(address), await auditor.post(address)

    assert (asked.status, sent.status) == (403, 403)
    assert asked.page.headings == ["Ihr Konto darf das nicht"]


@pytest.mark.parametrize("case", ["no-such-case", "R-9999", "%00", "..%2Fhelp"])
async def test_a_case_of_another_party_is_not_there(petra: Visitor, case: str) -> None:
    """Unknown and another party's are answered alike."""
    answer = await petra.get(f"/cases/{case}")

    assert answer.status == 404


@pytest.mark.every_database
async def test_how_far_an_answer_has_come_is_seen(petra: Visitor, desk: Stage) -> None:
    """Being sent, then confirmed; on the case and in the list."""
    form = (await petra.page("/cases/R-1001/steps/accepted")).form("/cases/R-1001/steps/accepted")
    answer = await petra.send(form)
    page = await petra.page(answer.to)
    assert "Ihre Antwort ist gespeichert und wird jetzt gesendet." in page.text
    assert "Angenommen: Es ist gespeichert und geht gleich hinaus." in page.text
    assert "angenommen wird gesendet" in (await petra.page("/inbox/mine")).text

    event = desk.last_event
    desk.happens("R-1001", Confirmed(NOW, event, "referral.status-changed", ("06432005",)))
    assert "angenommen bestätigt" in (await petra.page("/inbox/mine")).text


@pytest.mark.every_database
async def test_a_refusal_is_told_with_what_to_do(petra: Visitor, desk: Stage) -> None:
    """What the hub refused stands at the head of the case, and in the view of what is faulty."""
    form = (await petra.page("/cases/R-1001/steps/accepted")).form("/cases/R-1001/steps/accepted")
    await petra.send(form)
    event = desk.last_event
    desk.happens("R-1001", Refused(NOW, event, "referral.status-changed", "step-out-of-order"))

    page = await petra.page("/cases/R-1001")
    assert "Das zuletzt Gesendete wurde nicht zugestellt" in page.headings
    assert "Die andere Stelle war schneller: Der Vorgang steht inzwischen anders." in page.text
    assert "Annehmen" in page.links
    assert "R-1001" in (await petra.page("/inbox/faulty")).links

    noted = await petra.send(page.form("/cases/R-1001/entered"))
    assert noted.status == 303
    assert "R-1001" not in (await petra.page("/inbox/faulty")).links


async def test_offers_that_suit_stand_beside_the_referral() -> None:
    """Where the desk knows offers, the best five stand there with why they suit."""
    desk = memory_desk()
    fill(desk)
    petra = Visitor(office(desk))
    content = desk.open("R-1001", PETRA.id, NOW).content
    assert isinstance(content, ReferralRequested)
    assert "Angebote, die passen könnten" not in (await petra.page("/cases/R-1001")).headings

    said = an_offer(service=content.service, service_area=("06432",)).data
    said = said.model_copy(update={"assured_date": NOW.date()})
    offer = after(None, "A-7001", EPPERTSHAUSEN, said, NOW)
    assert offer is not None
    desk.matches = rank(need_of(content), [offer], load_places(), NOW.date())
    page = await petra.page("/cases/R-1001")

    assert "Angebote, die passen könnten" in page.headings
    assert offer.name in page.headings
    assert "passt zum Anliegen" in page.text


@pytest.mark.every_database
async def test_a_case_that_cannot_be_read_says_what_to_do(petra: Visitor) -> None:
    """What came in and could not be read has its page, with the code for operations."""
    listed = await petra.page("/inbox/faulty")
    case = next(words for words in listed.links if "-0-" in words)
    assert listed.text.count(" Problem ") == 1, "what was refused says so already"
    page = await petra.page(f"/cases/{case}")

    assert "Nennen Sie dem Betrieb den Code" in page.text
    assert re.search(r"\b(value-unreadable|attribute-missing)\b", page.text)
    assert page.form(f"/cases/{case}/entered").method == "post"


async def test_late_elsewhere_is_noted(petra: Visitor) -> None:
    """A lead's reminder is a case of its own that is noted once somebody has spoken to them."""
    page = await petra.page("/cases/R-5001")
    assert "zum zweiten Mal in Verzug" in page.text

    answer = await petra.send(page.form("/cases/R-5001/entered"))
    assert answer.to == "/cases/R-5001?done=entered#done"
    assert "R-5001" in (await petra.page("/inbox/done")).links


@pytest.mark.every_database
async def test_the_history_runs_from_first_sending_to_now(petra: Visitor) -> None:
    """Every step with its time, who took it, reason or appointment, and how it was received."""
    page = await petra.page("/cases/R-1104")

    order = ["Überweisung gesendet", "Angenommen", "Zugestellt", "Abgeschlossen", "Geöffnet"]
    told = page.text[page.text.index("Verlauf") :]
    places = [told.index(words) for words in order]
    assert places == sorted(places)
    assert "Ergebnis: Unterstützung geleistet" in page.text
    assert Step.COMPLETED not in page.text
    assert not [clerk for clerk in CLERKS if f" {clerk} " in told]


@pytest.mark.every_database
async def test_what_happens_meanwhile_makes_a_form_stale(petra: Visitor, desk: Stage) -> None:
    """A claim of a case that has changed since it was shown is refused, with what to do."""
    page = await petra.page("/cases/R-1101")
    claims = page.form("/cases/R-1101/claim")
    later = NOW + timedelta(minutes=1)
    desk.claim("R-1101", MURAT.id, desk.peek("R-1101").version, later)
    desk.release("R-1101", MURAT.id, desk.peek("R-1101").version, later)

    answer = await petra.send(claims)

    assert answer.status == 409
    assert "Der Vorgang R-1101 hat sich geändert, seit Sie ihn angesehen haben." in answer.page.text
    assert answer.page.links["Vorgang ansehen"] == "/cases/R-1101"


@pytest.mark.every_database
async def test_what_another_system_sent_is_told_apart(petra: Visitor, desk: Stage) -> None:
    """Of a referral that another system of the party sent, only its way is known here."""
    desk.happens("K-8001", Confirmed(NOW, "k-8001", "referral.requested", ("06432005",)))

    page = await petra.page("/cases/K-8001")

    assert "Ein anderes Verfahren Ihrer Stelle hat das gesendet" in page.text
    assert "angefragt bei Eppertshausen" in page.text


@pytest.mark.parametrize(
    ("case", "view"),
    [("R-1001", "Nicht zugewiesen"), ("R-1104", "Erledigt"), ("K-3002", "Warten auf andere")],
)
async def test_the_way_back_leads_where_the_case_stands(
    petra: Visitor, case: str, view: str
) -> None:
    """To the view in which a clerk finds it again."""
    page = await petra.page(f"/cases/{case}")

    assert case in (await petra.page(page.links[f"Zurück zu „{view}“"])).text
