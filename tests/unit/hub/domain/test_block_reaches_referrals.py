"""A disclosure block set on address changes protects the referrals of the same case."""

from schemas.events.referral_requested import ReferralRequested
from tests.support.answers import Hub
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, a_block, a_lifted_block, a_referral


def addresses(hub: Hub, to: str) -> list[bool]:
    """Whether the copies of a referral to this party carry the client's address."""
    copies = hub.takes(a_referral(by=KFB, to=to)).copies.values()
    return [
        copy.data.client.address is not None
        for copy in copies
        if isinstance(copy.data, ReferralRequested)
    ]


def test_the_address_is_left_out_of_a_referral() -> None:
    """After a block no recipient without entitlement reads the address, whoever refers."""
    assert addresses(Hub(), DIEBURG) == [True]
    assert addresses(Hub().after(a_block()), DIEBURG) == [False]


def test_lifted_it_is_there_again() -> None:
    """A block that was lifted by who set it hides nothing more."""
    assert addresses(Hub().after(a_block(), a_lifted_block()), DIEBURG) == [True]


def test_it_is_told_to_whoever_was_sent_the_address() -> None:
    """Those who have the address from a referral hear of the block (BMG §33(4))."""
    hub = Hub().after(a_referral(by=KFB, to=DIEBURG))

    assert {KFB, DIEBURG} <= set(hub.takes(a_block(by=EPPERTSHAUSEN)).copies)
