"""The command `hub`: what can be called, and how a command ends."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from hub.commands import (
    accounts,
    audit,
    completion,
    config,
    dead,
    demo,
    doctor,
    erase,
    explain,
    kit,
    lag,
    law,
    monitor,
    offsets,
    party,
    probe,
    report,
    running,
    schemas,
    secrets,
    signing,
    state,
    statement,
    subject,
    token,
    topics,
    trace,
    users,
    vault,
    verify,
    version,
)
from hub.commands.opening import GLOBAL, globals_first
from hub.commands.printing import note
from hub.errors import ExitCode, HubError, UsageError

EXIT_CODES = (
    "Exit codes: 0 done; 1 failed; 2 called wrongly, or settings that cannot be used; "
    "3 drift, or degraded."
)
app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog=f"{EXIT_CODES} Data goes to stdout, everything else to stderr; NO_COLOR is honoured. "
    "The options above may also stand after the command. Example: hub demo --once -o json",
)
app.command(epilog="Example: hub demo --once -o json")(demo.demo)
app.command(epilog="Example: hub up --broker --workers 2")(running.up)
app.command(epilog="Example: hub worker --bootstrap 127.0.0.1:9092")(running.worker)
app.command(epilog="Example: hub connect http_api --set http_api.port=8443")(running.connect)
app.command(epilog="Example: hub web --party 06432005 --set web.port=8095")(running.web)
app.add_typer(accounts.app("clerk"), name="clerk")
app.command(epilog="Example: hub broker --brokers 3 --port 9092")(running.broker)
app.add_typer(token.app, name="token")
app.add_typer(secrets.app, name="secrets")
app.add_typer(topics.app, name="topics")
app.add_typer(users.app, name="users")
app.add_typer(signing.app, name="signing")
app.command(epilog="Example: hub verify delivery.json --keys keys.toml")(verify.verify)
app.add_typer(party.app, name="party")
app.add_typer(state.app, name="state")
app.command(epilog="Example: hub explain event.json -o json")(explain.explain)
app.command(epilog="Example: hub trace case-0001 -o json")(trace.trace)
app.command(epilog="Example: hub erase case-0001 --yes --reason 'request of 2 November'")(
    erase.erase
)
app.add_typer(subject.app, name="subject")
app.add_typer(vault.app, name="vault")
app.command(epilog="Example: hub report --from 2026-01 --to 2026-06 -o csv")(report.report)
app.command(epilog="Example: hub statement kfb 2026-11-02 --sign kfb.jws")(statement.statement)
app.add_typer(kit.app, name="kit")
app.command(epilog="Example: hub lag --only-bad")(lag.lag)
app.command(epilog="Example: hub probe --door http_api --to kfb")(probe.probe)
app.add_typer(law.app, name="law")
app.command(epilog="Example: hub monitor --set monitor.mail.host=localhost")(monitor.monitor)
app.command(name="explain-state", epilog="Example: hub explain-state STALL --language en")(
    monitor.explain_state
)
app.add_typer(dead.app, name="dead")
app.add_typer(audit.app, name="audit")
app.add_typer(accounts.app("operator"), name="operator")
app.add_typer(offsets.app, name="offsets")
app.command(epilog="Example: hub doctor -o json")(doctor.doctor)
app.add_typer(schemas.app, name="schemas")
app.add_typer(config.app, name="config")
app.command(epilog="Example: hub completion bash >> ~/.bashrc")(completion.completion)
app.command(epilog="Example: hub version -o json")(version.version)


@app.callback()
def hub(
    ctx: typer.Context,
    config: Annotated[
        Path | None, typer.Option(help="Settings file; also HUB_CONFIG. Default: ./hub.toml")
    ] = None,
    bootstrap: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="The broker to begin with.")
    ] = None,
    log_level: Annotated[
        str | None, typer.Option(metavar="LEVEL", help="DEBUG, INFO, WARNING or ERROR.")
    ] = None,
    log_format: Annotated[
        str | None, typer.Option(metavar="FORMAT", help="auto, json or console.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="Any setting; `hub config table` has all."
        ),
    ] = None,
) -> None:
    """Kurze Wege: events between the jobcenter and its towns, each to exactly who may have it."""
    given = dict(zip(GLOBAL.values(), (config, bootstrap, log_level, log_format), strict=True))
    for pair in set_ or ():
        name, equals, value = pair.partition("=")
        if not equals:
            remedy = "Write it as --set kafka.bootstrap=127.0.0.1:9092"
            raise UsageError("A setting needs a name and a value.", where="--set", remedy=remedy)
        given[name] = value
    ctx.obj = given


def main() -> None:
    """Run the command line and end the process with a documented exit code."""
    completion.listen()
    try:
        app(args=globals_first(sys.argv[1:]), prog_name=completion.PROGRAM)
    except HubError as error:
        note(f"Error: {error}")
        if error.remedy:
            note(f"What to do: {error.remedy}")
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 - the end of the line for whatever it is
        sys.exit(_unexpected(error))


def _unexpected(error: Exception) -> ExitCode:
    from connectors.errors import Broken, DoorError  # noqa: PLC0415 - only a failure is slow
    from hub import withhold  # noqa: PLC0415 - the same

    if isinstance(error, DoorError) and not isinstance(error, Broken):
        note(f"Error: {error}")
    else:
        note(withhold.traceback_text(error))
        note("This is a fault of the hub, not of the call: please report it with these lines.")
    return ExitCode.FAILED
