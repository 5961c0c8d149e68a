"""By what else a party comes in or is served: only its settings end that."""

from hub.settings import Settings


def ways(settings: Settings, party: str) -> tuple[str, ...]:
    """A sentence for each setting that names the party."""
    drop, outbox = settings.file_drop, settings.sql_outbox
    named = {
        "http_api.tokens": party in settings.http_api.tokens.values(),
        "mailbox.tokens": party in settings.mailbox.tokens.values(),
        "file_drop.parties": party in drop.parties or (drop.root / party).is_dir(),
        "sql_outbox.party": bool(outbox.database) and outbox.party == party,
        "webhook.receivers": party in settings.webhook.receivers,
        "backoffice.parties": party in settings.backoffice.parties,
        "web.party": settings.web.party == party,
    }
    return tuple(
        f"{name} names it still: what comes or goes by that is not stopped here."
        for name, is_so in named.items()
        if is_so
    )
