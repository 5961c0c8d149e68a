"""What every command does first: read the settings with its flags, set up logging."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer

from hub.commands.printing import console

if TYPE_CHECKING:
    from hub.settings import Settings

GLOBAL = {
    "--config": "config",
    "--bootstrap": "kafka.bootstrap",
    "--log-level": "log.level",
    "--log-format": "log.format",
}
"""Options of every command and the settings they set; `--set` sets any other."""
SET = "--set"


def globals_first(words: list[str]) -> list[str]:
    """The command line with the options of every command moved to its front."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if word == "--":
            rest += [word, *waiting]
        elif word.partition("=")[0] not in {*GLOBAL, SET}:
            rest.append(word)
        else:
            front.append(word)
            front += [next(waiting, "")] if "=" not in word or word == SET else []
    return front + rest


def flags(ctx: typer.Context) -> dict[str, object]:
    """The settings given on the command line."""
    given: dict[str, object] = ctx.find_root().obj or {}
    return given


def opened(
    ctx: typer.Context, more: Mapping[str, object] | None = None, *, lasting: bool = False
) -> "Settings":
    """The settings, with logging set up by them; raises ConfigError and MissingPart.

    `more` are settings set by this command alone. Only a command that is `lasting` shows what
    libraries log; of the others the errors say all there is to say.
    """
    from hub import log, origins

    settings = origins.load({**flags(ctx), **(more or {})})
    if lasting and settings.tracing.endpoint:
        from hub.tracing.opening import check_installed

        check_installed(settings.tracing)
    stderr = console(stderr=True)
    log.set_up(
        level=settings.log.level,
        foreign_level=settings.log.foreign_level if lasting else "CRITICAL",
        style=settings.log.format,
        color=stderr.is_terminal and not stderr.no_color,
    )
    return settings
