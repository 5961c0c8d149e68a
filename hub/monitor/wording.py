"""An incident in words: what, since when, who is affected, what to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from hub.language import Language
from hub.monitor import phrases
from hub.monitor.incidents import Fault, Incident
from hub.monitor.runbook import readers, stages, text_of
from hub.monitor.states import State

ALL_PARTIES: Final = {Language.GERMAN: "alle Parteien", Language.ENGLISH: "all parties"}
UNKNOWN: Final = {Language.GERMAN: "unbekannt", Language.ENGLISH: "unknown"}


class Said(NamedTuple):
    """An incident in one language."""

    title: str
    what: str
    since: str
    affected: str
    do: str


class Names(NamedTuple):
    """What things are called for people."""

    parties: Mapping[str, str]
    """The name of each party."""
    workers: str
    """The group of the workers; the other own groups' names begin with it."""


def said(incident: Incident, language: Language, names: Names, now: datetime) -> Said:
    """The incident as it stands."""
    text = text_of(incident.state, language)
    since = min(fault.since for fault in incident.faults)
    return Said(
        title=text.name,
        what=text.what.format_map(_facts(incident, language, names, now)),
        since=phrases.moment(since, language),
        affected=affected(incident.faults, language, names),
        do=text.do,
    )


def reader(group: str, language: Language, names: Names) -> str:
    """A group and what it does: `kurze-wege (the routing)`."""
    role = group.removeprefix(names.workers)
    known = readers(language)
    does = known["worker"] if not role else known.get(role.removeprefix("."))
    is_own = group.startswith(names.workers) and does
    return f"{group} ({does})" if is_own else group


def affected(faults: Sequence[Fault], language: Language, names: Names) -> str:
    """The parties that wait, by name."""
    if any(not fault.parties for fault in faults):
        return ALL_PARTIES[language]
    ids = sorted({party for fault in faults for party in fault.parties})
    return phrases.listed([names.parties.get(party, party) for party in ids], language)


def _facts(
    incident: Incident, language: Language, names: Names, now: datetime
) -> dict[str, object]:
    faults = incident.faults
    records = sum(fault.lag for fault in faults)
    oldest = min((fault for fault in faults if fault.oldest_at), key=_age, default=None)
    waiting = phrases.waiting(records, language)
    age = _oldest(oldest, language, now)
    is_party = incident.state in (State.SILENT, State.FORGED)
    who = names.parties.get(incident.subject, incident.subject) or UNKNOWN[language]
    return {
        "who": who if is_party else reader(incident.subject, language, names),
        "where": phrases.listed([fault.where for fault in faults], language),
        "waiting": waiting,
        "waiting_cap": waiting[:1].upper() + waiting[1:],
        "hidden": records,
        "oldest": age,
        "oldest_too": f", {age}" if oldest else "",
        "record": next((one.record for one in faults if one is oldest), faults[0].record),
        "since": phrases.moment(min(fault.since for fault in faults), language),
        "since_last": phrases.moment(faults[0].oldest_at or faults[0].since, language),
        "silent": phrases.working_time(faults[0].silent, language),
        "usual": phrases.working_time(faults[0].usual, language),
        "lost": sum(fault.lost for fault in faults),
        "number": sum(fault.number for fault in faults),
        "until": phrases.moment(faults[0].until or faults[0].since, language),
        "detail": faults[0].detail or UNKNOWN[language],
        "stage": stages(language).get(faults[0].stage, UNKNOWN[language]),
        "objection": f" ({faults[0].detail})" if faults[0].detail else "",
    }


def _age(fault: Fault) -> datetime:
    return fault.oldest_at or fault.since


def _oldest(fault: Fault | None, language: Language, now: datetime) -> str:
    if fault is None:
        return UNKNOWN[language]
    at = _age(fault)
    age, begun = phrases.span(now - at, language), phrases.moment(at, language)
    if language is Language.GERMAN:
        return f"das älteste seit {age} ({begun})"
    return f"the oldest for {age} (since {begun})"
