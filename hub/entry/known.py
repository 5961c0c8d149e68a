"""The account of somebody whom the OpenID provider knows: made when they first come."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from hub.access.claims import Claims, name_of, role_of
from hub.access.clerk import Account, Clerk, Identity, new_id
from hub.access.record import PROVIDER, Entry, What
from hub.access.refusals import AccountLocked, NameTaken
from hub.entry.lobby import Lobby


def account_of(lobby: Lobby, claims: Claims, now: datetime) -> Account:
    """Their account with name and role as the provider says today.

    Raises NoRoleHere, AccountLocked.
    """
    options, accounts = lobby.options.oidc, lobby.kept.accounts
    identity = Identity(options.issuer, str(claims["sub"]))
    role, name = role_of(claims, options), name_of(claims, options)
    found = accounts.identified(identity)
    if found is None:
        new = Account(Clerk(new_id(lobby.chance), name, role), identity=identity)
        with suppress(NameTaken):  # by the same clerk, in another tab
            accounts.add(new, PROVIDER, now)
        found = accounts.identified(identity) or new
    if found.locked_at is not None:
        raise AccountLocked
    today = replace(found, clerk=replace(found.clerk, name=name, role=role))
    if today != found:
        was = found.clerk.role
        entry = Entry(now, What.ROLE_CHANGED, found.clerk.id, PROVIDER, f"{was}>{role}")
        accounts.change(today, entry if role is not was else None)
    return today
