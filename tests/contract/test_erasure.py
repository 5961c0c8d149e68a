"""What is erased says nothing about a person, and is an event of its type all the same."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.data import Data
from schemas.documents import schema_of
from schemas.erasure import ERASED, NO_DAY, erased, is_erased
from schemas.events import ALL
from schemas.model import PERSONAL_MARK
from schemas.shapes import Node, shape
from tests.support import strategies
from tests.support.builders import a_block, a_move, a_referral, an_offer

patient = settings(
    max_examples=15,  # for each event type
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
every_event = pytest.mark.parametrize("model", ALL, ids=[model.wire_type() for model in ALL])


@every_event
@patient
@given(data=st.data())
def test_nothing_personal_is_left(model: type[Data], data: st.DataObject) -> None:
    """Whatever the contract allows: it is a valid event, its personal fields empty or blank."""
    said = model.model_validate(data.draw(strategies.data_json(model.wire_type())))
    left = erased(said)

    assert type(left) is model
    document = schema_of(model)
    blank = {ERASED, NO_DAY}
    personal = set(_personal(left.model_dump(mode="json"), document, document))
    assert personal <= blank
    assert is_erased(left) is bool(personal)
    assert erased(left) == left


def test_what_stays() -> None:
    """Service, places, times and the filing date are no person's: figures are counted by them."""
    referral = a_referral(note="Kommt mit ihrer Schwester.").data
    left = erased(referral)

    assert (left.client.family_name, left.client.address, left.note) == (ERASED, None, None)
    assert left.client.ags == referral.client.ags
    assert left.model_copy(update={"client": referral.client, "note": referral.note}) == referral
    assert not is_erased(referral)


def test_what_others_say() -> None:
    """A move keeps the two municipalities, a block its days; an offer is nobody's person."""
    move = a_move().data
    left = erased(move)
    assert (left.old_ags, left.new_ags, left.new_address) == (move.old_ags, move.new_ags, None)
    block = a_block().data
    assert erased(block).valid_from == block.valid_from
    assert erased(block).client_id == ERASED
    offer = an_offer().data
    assert erased(offer) == offer
    assert not is_erased(offer)


def _personal(value: object, node: Node, document: Node) -> Iterator[object]:
    """Every value that is there in a field marked personal."""
    here = shape(node, document)
    if here.says.get(PERSONAL_MARK):
        if value not in (None, []):
            yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            if name in here.fields:
                yield from _personal(one, here.fields[name], document)
    elif isinstance(value, list):
        for one in value:
            yield from _personal(one, here.says["items"], document)
