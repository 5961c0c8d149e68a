"""A mail server and an address for webhooks, real ones, that keep what they are told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from hub.broker.ports import free


class Letterbox:
    """The mails that came; it can be told to refuse some first."""

    def __init__(self, refuse: int = 0) -> None:
        """Refuse so many, then take all."""
        self.mails: list[EmailMessage] = []
        self.refuse = refuse

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail."""
        if self.refuse:
            self.refuse -= 1
            return "451 not now"
        content = envelope.content
        mail = message_from_bytes(
            content if isinstance(content, bytes) else b"", policy=policy.default
        )
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def mail_server(box: Letterbox) -> Iterator[int]:
    """A mail server on this machine; yields its port."""
    (port,) = free(1)
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


class Posts:
    """What was posted: headers and JSON; it can be told to fail first."""

    def __init__(self, fail: int = 0) -> None:
        """Answer 503 so many times."""
        self.got: list[tuple[dict[str, str], Any]] = []
        self.fail = fail


@contextmanager
def webhook_taker(posts: Posts) -> Iterator[str]:
    """An HTTP server on this machine; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take what is posted."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if posts.fail:
                posts.fail -= 1
                self.send_response(503)
            else:
                posts.got.append((dict(self.headers), json.loads(body)))
                self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/alerts"
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
