"""Markup in any field is text, wherever it is shown."""

from datetime import date

import pytest

from hub.casework.happenings import Delivered
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.referral_requested import ReferralRequested
from schemas.person import Address, Client, Person
from schemas.vocabulary import MeetingPlace, ReportedBy, Service
from tests.support.district import EPPERTSHAUSEN
from tests.support.office import NOW, Stage
from tests.support.page import Visitor

EVIL = "<script>alert('x')</script><b onclick=\"y\">&amp;"
SHOWN = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&lt;b onclick=&#34;y&#34;&gt;&amp;amp;"
PERSON = {
    "client_id": "P-0815",
    "family_name": f"Nach{EVIL}",
    "given_names": f"Vor{EVIL}",
    "birth_date": date(1980, 2, 29),
}
ADDRESS = Address(
    street=f"Weg{EVIL}",
    house_number="1",
    additional=f"Hof{EVIL}",
    postal_code="64859",
    city=f"Ort{EVIL}",
)


async def test_everything_a_sender_writes_is_shown_as_text(petra: Visitor, desk: Stage) -> None:
    """Names, address, mail and remark of a referral; both addresses of a move."""
    client = Client(
        **PERSON, ags=EPPERTSHAUSEN, address=ADDRESS, email="<i>a</i>@x", languages=("xx",)
    )
    request = ReferralRequested(
        client=client,
        service=Service.BENEFIT_ADVICE,
        wished_place=MeetingPlace.PHONE,
        first_received_at=NOW,
        first_received_by="nobody-known",
        note=f"Notiz{EVIL}",
    )
    moved = AddressChangeReported(
        person=Person(**PERSON),
        old_ags=EPPERTSHAUSEN,
        old_address=ADDRESS,
        new_ags="06432008",
        new_address=ADDRESS,
        valid_from=NOW.date(),
        reported_by=ReportedBy.CLIENT,
    )
    desk.happens("evil-1", Delivered(NOW, "not-a-party", request))
    desk.happens("evil-2", Delivered(NOW, EPPERTSHAUSEN, moved))

    pages = [await petra.page(f"/cases/{case}") for case in ("evil-1", "evil-2")]

    for page, times in zip(pages, (6, 8), strict=True):
        assert page.html.count(SHOWN) == times
        assert EVIL not in page.html
        assert [attributes.get("src") is not None for attributes in page.named("script")] == [True]
    assert "<i>" not in pages[0].html


@pytest.mark.parametrize(
    "address",
    [
        f"/inbox/all?search={EVIL}",
        f"/inbox/all?other={EVIL}",
        f"/cases/{EVIL}",
        f"/cases/R-1001?done={EVIL}",
        f"/help?x={EVIL}",
    ],
)
async def test_an_address_brings_no_markup_in(petra: Visitor, address: str) -> None:
    """Whatever a link says, it is text on the page or nothing."""
    answer = await petra.get(address)

    assert "<script>alert" not in answer.response.text
    assert "<b onclick" not in answer.response.text
    assert answer.page.title


@pytest.mark.parametrize(
    "address", ["/referrals/new", "/offers/new", "/cases/R-1001/steps/rejected"]
)
async def test_what_was_typed_comes_back_as_text(petra: Visitor, address: str) -> None:
    """A form with markup in every field comes back with the same text in them."""
    form = (await petra.page(address)).form(address)
    kept = {"csrf_token", "form", "version"}
    given = {name: EVIL for name, _ in form.fields if name not in kept}
    answer = await petra.send(form, **given, reason=EVIL)

    assert answer.status == 422
    assert "<script>alert" not in answer.response.text
    again = answer.page.form(address)
    texts = [a["name"] for t, a in answer.page.tags if t == "input" and a.get("type") == "text"]
    assert all(again[name] == EVIL for name in texts if name)


async def test_a_bulk_claim_shows_forged_numbers_as_text(petra: Visitor) -> None:
    """A number that never was a case is said back as text."""
    answer = await petra.post("/claims", ("case", EVIL))

    assert SHOWN in answer.response.text
    assert "<script>alert" not in answer.response.text
