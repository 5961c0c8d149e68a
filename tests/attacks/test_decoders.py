"""Whatever is handed in is taken or refused with a code; nothing of a person comes back."""

from tests.attacks import decoders
from tests.attacks.fuzzing import attacked


def test_any_record() -> None:
    """A record on an input topic is an event or has coded problems, in either mode."""
    attacked(decoders.codec)


def test_any_record_in_a_lane() -> None:
    """What a lane cannot deliver is a dead letter that fits its topic, with its code."""
    attacked(decoders.lane)


def test_any_lines() -> None:
    """A dropped file of lines is refused, or each of its lines is an event or has problems."""
    attacked(decoders.ATTACKS["lines"])


def test_any_table() -> None:
    """The same of a table."""
    attacked(decoders.table_file)


def test_any_xml() -> None:
    """The same of an XML list, whatever entities and document types it declares."""
    attacked(decoders.ATTACKS["xml"])


def test_any_outbox_row() -> None:
    """A row of a party's own table is an event or refused."""
    attacked(decoders.outbox_row)


def test_any_webhook_answer() -> None:
    """A receiver cannot make us wait longer than agreed, nor forget an event by nonsense."""
    attacked(decoders.webhook_answer)


def test_any_openid_provider() -> None:
    """A provider that lies lets nobody in and breaks nothing."""
    attacked(decoders.openid_provider)


def test_any_id_token() -> None:
    """A token of any claims and any head is believed or refused."""
    attacked(decoders.id_token)


def test_any_access_token() -> None:
    """An access token of any claims names a client and scopes of ours, or is refused."""
    attacked(decoders.access_token)


def test_any_statement() -> None:
    """A statement from elsewhere is read or said to be none."""
    attacked(decoders.statement_file)
