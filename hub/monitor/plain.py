"""What is known, as JSON values: times by RFC 3339, spans in seconds."""

from datetime import datetime
from typing import Any

from hub.language import Language
from hub.monitor.incidents import Fault, Incident
from hub.monitor.probed import Probed
from hub.monitor.silence import Silence
from hub.monitor.snapshot import Letters, Row, Snapshot
from hub.monitor.wording import Names, said

Json = dict[str, Any]


def plain(snapshot: Snapshot, names: Names, now: datetime) -> Json:
    """The whole snapshot."""
    return {
        "at": _time(snapshot.at),
        "took_s": round(snapshot.took_s, 3),
        "fine": snapshot.is_fine,
        "blind_since": _time(snapshot.blind_since),
        "blind_because": snapshot.blind_because,
        "readers": [_row(row, now) for row in snapshot.rows],
        "senders": [_silence(one, names) for one in snapshot.silences],
        "probes": [probe(one) for one in snapshot.probed],
        "dead_letters": [_letters(topic, one) for topic, one in sorted(snapshot.dead.items())],
        "incidents": [incident(one, names, now) for one in snapshot.incidents],
    }


def incident(one: Incident, names: Names, now: datetime) -> Json:
    """An incident with its texts."""
    return {
        "id": one.id,
        "state": one.state.value,
        "severity": one.state.severity.value,
        "subject": one.subject,
        "opened_at": _time(one.opened_at),
        "closed_at": _time(one.closed_at),
        "text": {
            language.value: said(one, language, names, now)._asdict() for language in Language
        },
        "faults": [_fault(fault) for fault in one.faults],
    }


def _fault(fault: Fault) -> Json:
    return {
        "where": fault.where,
        "since": _time(fault.since),
        "lag": fault.lag,
        "oldest_at": _time(fault.oldest_at),
        "record": fault.record,
        "lost": fault.lost,
        "detail": fault.detail,
        "parties": list(fault.parties),
        "until": _time(fault.until),
    }


def _row(row: Row, now: datetime) -> Json:
    return {
        "group": row.group,
        "topic": row.place.topic,
        "partition": row.place.partition,
        "state": row.state.value,
        "severity": row.state.severity.value,
        "since": _time(row.since),
        "lag": row.lag,
        "exact": row.is_exact,
        "oldest_at": _time(row.oldest_at),
        "oldest_s": None if row.oldest_at is None else _seconds(now, row.oldest_at),
        "next": row.first,
        "committed": row.committed,
        "start": row.ends.start if row.ends else None,
        "stable": row.ends.stable if row.ends else None,
        "end": row.ends.high if row.ends else None,
        "lost": row.lost,
        "members": row.members,
        "group_state": row.group_state,
        "transaction": row.transaction,
    }


def _silence(one: Silence, names: Names) -> Json:
    return {
        "party": one.party,
        "name": names.parties.get(one.party, one.party),
        "last_at": _time(one.last_at),
        "silent_s": round(one.silent.total_seconds()),
        "usual_s": round(one.usual.total_seconds()),
        "due_at": _time(one.due_at),
        "strange": one.is_strange,
    }


def probe(one: Probed) -> Json:
    """What became of a probe; `took_s` by the part of its way."""
    total = one.total
    return {
        "door": one.door,
        "recipient": one.recipient,
        "sent_at": _time(one.sent_at),
        "through": one.stuck is None,
        "stuck": one.stuck.value if one.stuck else None,
        "at": one.at,
        "objection": one.objection,
        "took_s": {stage.value: round(took.total_seconds(), 3) for stage, took in one.took.items()},
        "total_s": None if total is None else round(total.total_seconds(), 3),
    }


def _letters(topic: str, one: Letters) -> Json:
    oldest = _time(one.oldest_at)
    return {"topic": topic, "number": one.number, "exact": one.is_exact, "oldest_at": oldest}


def _seconds(now: datetime, at: datetime) -> float:
    return max(0.0, round((now - at).total_seconds(), 1))


def _time(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
