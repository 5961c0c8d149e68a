"""hub worker, connect, web, broker, up: what runs until it is told to stop."""

from typing import Annotated

import typer

from hub.commands.names import CONNECTORS, connectors, offered, parties
from hub.commands.opening import flags, opened
from hub.commands.printing import note, print_text

Brokers = Annotated[int, typer.Option(min=1, max=9, help="How many nodes Kafka has.")]
Port = Annotated[
    int | None,
    typer.Option(min=1024, max=65500, help="Port of the first node. Default: as last time."),
]


def worker(ctx: typer.Context) -> None:
    """Run a worker: its lanes route events exactly once. Start as many as there is work for."""
    settings = opened(ctx, lasting=True)
    from hub import wiring

    wiring.work(settings)


def connect(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            help=f"{', '.join(CONNECTORS[:-1])} or {CONNECTORS[-1]}.",
            autocompletion=offered(connectors),
        ),
    ],
) -> None:
    """Run one connector: a door for events, a sink for deliveries, or the open directory."""
    settings = opened(ctx, lasting=True)
    from hub import doors
    from hub.stopping import stop_on_signals

    doors.connect(settings, name, stop_on_signals(settings.alive_file))


def web(
    ctx: typer.Context,
    *,
    party: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Whose back office; else web.party.",
            autocompletion=offered(parties),
        ),
    ] = None,
) -> None:
    """Run one party's back office: the pages on which its clerks work its cases."""
    settings = opened(ctx, {"web.party": party} if party else None, lasting=True)
    from hub import doors
    from hub.stopping import stop_on_signals

    doors.connect(settings, "web", stop_on_signals(settings.alive_file))


def broker(
    ctx: typer.Context,
    *,
    brokers: Brokers = 1,
    port: Port = None,
    secured: Annotated[
        bool, typer.Option("--secured", help="With TLS, users and grants, as in production.")
    ] = False,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Only fetch it, so that later starts are fast.")
    ] = False,
) -> None:
    """Run Apache Kafka on this machine; prints its address on stdout when it serves."""
    settings = opened(ctx, lasting=not prepare)
    from hub import machine
    from hub.broker import cluster
    from hub.stopping import stop_on_signals

    if prepare:
        cluster.prepare(note)
        return
    stop = stop_on_signals()
    with machine.start_kafka(settings, brokers, port, note, secured=secured) as kafka:
        print_text(kafka.bootstrap)
        if kafka.security:
            note(f"It trusts {kafka.security.ca_file}; its user hub may do everything.")
            note(f"That user's password: {kafka.security.password_file}")
        note(f"Kafka serves at {kafka.bootstrap}; Ctrl-C ends it.")
        machine.run_kafka(kafka, stop)


def up(
    ctx: typer.Context,
    *,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many workers.")] = 1,
    with_broker: Annotated[
        bool, typer.Option("--broker", help="Run the embedded Kafka as well.")
    ] = False,
    brokers: Brokers = 1,
    port: Port = None,
    monitor: Annotated[
        bool, typer.Option("--monitor", help="Run `hub monitor` as well, at monitor.port.")
    ] = False,
) -> None:
    """Run the whole hub on this machine: workers and connectors, restarted when they end."""
    settings = opened(ctx, lasting=True)
    from hub import machine
    from hub.stopping import stop_on_signals

    stop = stop_on_signals()
    beside = ("monitor",) if monitor else ()
    if not with_broker:
        with machine.up(settings, flags(ctx), workers, note, beside=beside):
            note("The hub runs; Ctrl-C ends it.")
            stop.wait()
        return
    with machine.start_kafka(settings, brokers, port, note) as cluster:
        own = {"kafka.bootstrap": cluster.bootstrap, "replication": min(brokers, 3)}
        given = {**flags(ctx), **own}
        with machine.up(opened(ctx, own, lasting=True), given, workers, note, beside=beside):
            print_text(cluster.bootstrap)
            note(f"The hub runs, Kafka serves at {cluster.bootstrap}; Ctrl-C ends both.")
            machine.run_kafka(cluster, stop)
