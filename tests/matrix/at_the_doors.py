"""Tries every call of every door with every token: whose it is, whose it is not, and none.

The declaration is short: each call is its own party's alone, except those that everybody may make.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, NamedTuple

import httpx

from tests.matrix.cell import Cell
from tests.matrix.site import OFFICE, PATIENCE_S, Site
from tests.support.http_door import an_event
from tests.support.waiting import until

UNKNOWN: Final = "a-token-that-nobody-was-ever-given"
EVENTS: Final = {"Content-Type": "application/cloudevents+json"}
OPEN: Final = {
    "hsds": ("/", "/services", "/openapi.json", "/taxonomies", "/taxonomy_terms"),
    "monitor": (
        "/",
        "/healthz",
        "/readyz",
        "/metrics",
        "/snapshot",
        "/version",
        "/dead",
        "/states",
    ),
    "http_api": ("/healthz", "/docs", "/openapi.json"),
    "mailbox": ("/healthz",),
}
"""What everybody may read who reaches the address; nothing can be changed there."""
CHANGING: Final = ("POST", "PUT", "PATCH", "DELETE")
NOT_OFFERED: Final = "405"
COME_AGAIN: Final = 503


class Caller(NamedTuple):
    """Somebody who calls, and what is shown."""

    who: str
    party: str | None
    """Whose credentials these are; None: nobody's."""
    door: str | None
    mailbox: str | None


def callers(site: Site) -> list[Caller]:
    """Every party, somebody with a token that was never given, and somebody without."""
    parties = [
        Caller(party, party, sheet["door-token"], sheet["mailbox-token"])
        for party, sheet in site.sheets.items()
    ]
    return [
        *parties,
        Caller("stranger", None, UNKNOWN, UNKNOWN),
        Caller("nobody", None, None, None),
    ]


class Said(NamedTuple):
    """An event that a party handed in, and to whom it goes."""

    id: str
    recipient: str


def handed_in(site: Site, client: httpx.Client) -> Iterator[tuple[str, Said | Cell]]:
    """Each party's event by each caller's token; what was taken in, and whether it should be."""
    towns = [party for party in site.parties if party != OFFICE]  # who all take such referrals
    for number, party in enumerate(site.parties):
        recipient = next(one for one in towns[number % len(towns) :] + towns if one != party)
        for caller in callers(site):
            event = _event(f"{party}-by-{caller.who}", party, recipient)
            url, headers = f"{site.url('http_api')}/events", EVENTS | _shown(caller.door)
            answer = asked(client, "POST", url, headers, json=event)
            own = caller.party == party
            wanted = "202" if own else "401" if caller.party is None else "403"
            where = f"source //kurze-wege/{party}/"
            found = str(answer.status_code)
            yield party, Cell("http_api", caller.who, "POST /events", where, wanted, found)
            if own and answer.status_code == 202:
                yield party, Said(event["id"], recipient)


def traced(site: Site, client: httpx.Client, said: Mapping[str, Said]) -> Iterator[Cell]:
    """Who sees what has become of an event: its sender and its recipient, once both may."""
    address = site.url("http_api")
    for party, event in said.items():
        for reader in (party, event.recipient):
            until(partial(_sees, site, client, reader, event))
        for caller in callers(site):
            sees = caller.party in (party, event.recipient)
            wanted = "200" if sees else "401" if caller.party is None else "404"
            url = f"{address}/trace/{event.id}"
            answer = asked(client, "GET", url, _shown(caller.door))
            where = f"event of {party}"
            found = str(answer.status_code)
            yield Cell("http_api", caller.who, "GET /trace/{id}", where, wanted, found)


def collected(site: Site, client: httpx.Client) -> Iterator[Cell]:
    """Each mailbox by each caller: its list, an item, its acknowledgement; the owner comes last."""
    for party in site.parties:
        box, own = f"{site.url('mailbox')}/mailbox/{party}", site.sheets[party]
        shown = _shown(own["mailbox-token"])
        until(partial(_has_items, client, box, shown))
        item = _items(client, box, shown)[0]["id"]
        others = [one for one in callers(site) if one.party != party]
        for caller in (*others, *(one for one in callers(site) if one.party == party)):
            refused = "401" if caller.party is None else "403"
            is_own = caller.party == party
            for method, path, name, right in (
                ("GET", "", "GET /mailbox/{party}", "200"),
                ("GET", f"/{item}", "GET /mailbox/{party}/{item}", "200"),
                ("POST", f"/{item}/acknowledge", "POST …/acknowledge", "204"),
            ):
                answer = asked(client, method, box + path, _shown(caller.mailbox))
                wanted = right if is_own else refused
                found = str(answer.status_code)
                yield Cell("mailbox", caller.who, name, f"of {party}", wanted, found)


def crossed(site: Site, client: httpx.Client) -> Iterator[Cell]:
    """A token for one door opens no other."""
    for party, sheet in site.sheets.items():
        box = f"{site.url('mailbox')}/mailbox/{party}"
        answer = asked(client, "GET", box, _shown(sheet["door-token"]))
        action = "GET /mailbox/{party} with the door's token"
        yield Cell("mailbox", party, action, f"of {party}", "401", str(answer.status_code))
        event = _event(f"{party}-crossed", party, party)
        url, headers = f"{site.url('http_api')}/events", EVENTS | _shown(sheet["mailbox-token"])
        answer = asked(client, "POST", url, headers, json=event)
        action = "POST /events with the mailbox's token"
        where = f"source //kurze-wege/{party}/"
        yield Cell("http_api", party, action, where, "401", str(answer.status_code))


def opened(site: Site, client: httpx.Client) -> Iterator[Cell]:
    """What everybody may read, and that nobody can change anything there."""
    some = [*callers(site)[:1], *callers(site)[-2:]]
    for part, paths in OPEN.items():
        for path in paths:
            for caller in some:
                shown = _shown(caller.door)
                url = site.url(part) + path
                answer = asked(client, "GET", url, shown)
                yield Cell(part, caller.who, f"GET {path}", "", "200", str(answer.status_code))
                for method in CHANGING:
                    answer = asked(client, method, url, shown)
                    found = str(answer.status_code)
                    yield Cell(part, caller.who, f"{method} {path}", "", NOT_OFFERED, found)


def closed(site: Site, client: httpx.Client, party: str) -> Iterator[Cell]:
    """What a suspended party is answered: as somebody with a token that nobody was given."""
    sheet = site.sheets[party]
    event, who = _event(f"{party}-suspended", party, party), f"{party} (suspended)"
    door, box = site.url("http_api"), f"{site.url('mailbox')}/mailbox/{party}"
    shown = _shown(sheet["door-token"])
    for kind, action, answer in (
        ("http_api", "POST /events", asked(
            client, "POST", f"{door}/events", EVENTS | shown, json=event
        )),
        ("http_api", "GET /trace/{id}", asked(client, "GET", f"{door}/trace/{event['id']}", shown)),
        ("mailbox", "GET /mailbox/{party}", asked(
            client, "GET", box, _shown(sheet["mailbox-token"])
        )),
    ):  # fmt: skip
        yield Cell(kind, who, action, "", "401", str(answer.status_code))


def asked(
    client: httpx.Client,
    method: str,
    url: str,
    headers: Mapping[str, str],
    json: Mapping[str, Any] | None = None,
) -> httpx.Response:
    """The answer; who is told to come again does, as long as patience lasts."""
    answers: list[httpx.Response] = []

    def is_answered() -> bool:
        answers.append(client.request(method, url, headers=headers, json=json))
        return answers[-1].status_code != COME_AGAIN

    until(is_answered)
    return answers[-1]


def a_client() -> httpx.Client:
    """One connection to each door."""
    return httpx.Client(timeout=PATIENCE_S)


def _event(event_id: str, party: str, recipient: str) -> dict[str, Any]:
    """A referral of somebody who lives where it goes to, on a case of its own."""
    event = an_event(event_id, source=f"//kurze-wege/{party}/probe", recipient=recipient)
    client = event["data"]["client"] | {"ags": recipient}
    data = event["data"] | {"client": client, "first_received_by": party}
    now = datetime.now(UTC).isoformat()
    return event | {"subject": f"case-{event_id}", "time": now, "data": data}


def _shown(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _sees(site: Site, client: httpx.Client, party: str, event: Said) -> bool:
    shown = _shown(site.sheets[party]["door-token"])
    answer = client.get(f"{site.url('http_api')}/trace/{event.id}", headers=shown)
    return answer.status_code == 200


def _has_items(client: httpx.Client, box: str, shown: Mapping[str, str]) -> bool:
    return bool(_items(client, box, shown))


def _items(client: httpx.Client, box: str, shown: Mapping[str, str]) -> list[dict[str, Any]]:
    answer = client.get(box, headers=shown, params={"wait": "20"})
    answer.raise_for_status()
    found: list[dict[str, Any]] = answer.json()["items"]
    return found
