"""The process `hub monitor`: one poller, those who tell, and what is read by HTTP."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from typing import Final

import structlog
from starlette.routing import BaseRoute

from connectors.serving import Address, serve
from hub import auditing, wiring
from hub.board.app import create_app
from hub.board.board import Board
from hub.board.wording import ROOM
from hub.doors.accounts import access_by
from hub.doors.asked import no_address
from hub.doors.carrying import is_upgraded
from hub.entry.access import Access
from hub.lookout.lookout import Lookout
from hub.monitor.by_http import routes
from hub.monitor.look import Look
from hub.monitor.mail import MailChannel
from hub.monitor.poller import Poller
from hub.monitor.state_file import StateFile
from hub.monitor.teller import Channel, tell_all
from hub.monitor.webhook import WebhookChannel
from hub.operations import watched
from hub.operations.desk import LettersDesk
from hub.operations.dying import Dying, unproven
from hub.operations.expiring import expiring
from hub.operations.hearing import Hearing
from hub.operations.prober import Prober
from hub.pages.static import Static
from hub.settings import Settings
from hub.stores.accounts.upgrade import upgrade

BOARD: Final = "operations"
"""Whose the cookies are."""
log = structlog.get_logger()


def monitor(settings: Settings, stop: threading.Event) -> None:
    """Look, judge, tell and answer by HTTP until `stop` is set; raises HubError."""
    options = settings.monitor
    channels = _channels(settings)
    watch = watched.watch(settings, tuple(channel.name for channel in channels))
    with closing(watched.lookout(settings)) as lookout, closing(Hearing(settings)) as hearing:
        kept = StateFile(options.state)
        prober = Prober(settings, watched.now)
        poller = Poller(
            partial(_look, settings, lookout),
            hearing.silences,
            watch,
            kept,
            watched.now,
            lambda: unproven(dying.died),
            lambda: prober.probed,
        )
        dying = Dying(settings, lambda: poller.snapshot, watched.now)
        jobs = [
            partial(poller.run, stop, options.poll_s),
            partial(dying.run, stop),
            partial(prober.run, stop),
        ]
        jobs += [partial(tell_all, poller, channel, stop) for channel in channels]
        with _beside(jobs, stop), _access(settings, stop) as access:
            if not stop.is_set():
                _show(settings, poller, dying, access, stop)


def _show(
    settings: Settings,
    poller: Poller,
    dying: Dying,
    access: Access | None,
    stop: threading.Event,
) -> None:
    """Serve the board, and what stands beside it, until `stop` is set."""
    options = settings.monitor
    with closing(LettersDesk(settings)) as desk:
        board = _board(settings, poller, dying, desk)
        app = create_app(board, _beside_it(settings, poller), access)
        try:
            serve(app, Address(options.host, options.port), stop, _opened)
        except OSError as error:
            raise no_address(error, "monitor", options.host, options.port) from error


@contextmanager
def _access(settings: Settings, stop: threading.Event) -> Iterator[Access | None]:
    """Who may come in at the board; None: nobody, it only shows.

    The accounts' database is waited for; the monitor looks and tells meanwhile.
    """
    options = settings.monitor.accounts
    if options.database is None:
        yield None
        return
    url = options.database.get_secret_value()
    for step, where in ((upgrade, url), *auditing.steps(settings)):
        if not is_upgraded(step, where, stop):
            yield None
            return
    with (
        auditing.kept(settings) as audit,
        access_by(url, BOARD, options, watched.now, auditing.accounts(audit, None)) as access,
    ):
        yield access


def _look(settings: Settings, lookout: Lookout) -> Look:
    """One poll of the broker and of the files with an end; raises HubError."""
    return lookout.look()._replace(expiring=expiring(settings).certificates)


def _board(settings: Settings, poller: Poller, dying: Dying, desk: LettersDesk) -> Board:
    options = settings.monitor
    return Board(
        poller=poller,
        died=lambda: dying.died,
        expiring=partial(expiring, settings),
        parties=wiring.parties(settings),
        names=watched.names(settings),
        prefix=settings.topic_prefix,
        poll_s=options.poll_s,
        is_public=options.allow_public,
        now=watched.now,
        static=Static(ROOM),
        desk=desk,
    )


def _beside_it(settings: Settings, poller: Poller) -> Sequence[BaseRoute]:
    """Metrics, health and the snapshot."""
    names, hub = watched.names(settings), watched.hub_name(settings)
    return routes(poller, names, hub, settings.monitor, watched.now)


@contextmanager
def _beside(jobs: Sequence[Callable[[], None]], stop: threading.Event) -> Iterator[None]:
    """Do these in threads of their own; what one raises ends all, and is raised at the end."""

    def ended(job: Future[None]) -> None:
        if job.exception() is not None:
            stop.set()

    with ThreadPoolExecutor(len(jobs), thread_name_prefix="monitor") as pool:
        doing = [pool.submit(job) for job in jobs]
        for one in doing:
            one.add_done_callback(ended)
        try:
            yield
        finally:
            stop.set()
    for one in doing:
        one.result()


def _channels(settings: Settings) -> list[Channel]:
    options, names = settings.monitor, watched.names(settings)
    found: list[Channel] = []
    if options.mail.host is not None:
        found.append(MailChannel(options.mail, options.language, names, watched.now))
    if options.webhook.url:
        found.append(WebhookChannel(options.webhook, names, watched.now))
    return found


def _opened(port: int) -> None:
    log.info("monitor_open", port=port)
