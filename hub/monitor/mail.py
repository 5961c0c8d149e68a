"""Alerts as mails: one when an incident opens, and its answer when it is over."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from hub.language import Language
from hub.monitor.memory import Notice
from hub.monitor.options import Mail
from hub.monitor.states import Severity
from hub.monitor.teller import NotTold
from hub.monitor.wording import Names, Said, said

ANSWER_WITHIN_S: Final = 15
WORDS: Final = {
    Language.GERMAN: {
        "alarm": "ALARM", "warning": "Hinweis", "closed": "Behoben", "since": "Seit",
        "affected": "Betroffen", "do": "Zu tun", "more": "Ausführlich",
        "opened": "Gemeldet", "over": "Behoben", "incident": "Vorgang",
    },
    Language.ENGLISH: {
        "alarm": "ALARM", "warning": "Warning", "closed": "Closed", "since": "Since",
        "affected": "Affected", "do": "To do", "more": "In full",
        "opened": "Told", "over": "Over", "incident": "Incident",
    },
}  # fmt: skip


class MailChannel:
    """Sends to the mail server of these options."""

    name = "mail"

    def __init__(
        self, options: Mail, language: Language, names: Names, now: Callable[[], datetime]
    ) -> None:
        """Connect with each mail, not before."""
        self._options = options
        self._language = language
        self._names = names
        self._now = now

    def tell(self, notice: Notice) -> None:
        """Hand the mail to the server; raises NotTold."""
        mail = letter(notice, self._options, self._language, self._names, self._now())
        try:
            with self._connected() as server:
                if self._options.username and self._options.password:
                    password = self._options.password.get_secret_value()
                    server.login(self._options.username, password)
                server.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            raise NotTold(type(error).__name__) from error

    def _connected(self) -> smtplib.SMTP:
        host, port = self._options.host or "", self._options.port
        if self._options.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, timeout=ANSWER_WITHIN_S, context=context)
        server = smtplib.SMTP(host, port, timeout=ANSWER_WITHIN_S)
        if self._options.security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server


def letter(
    notice: Notice, options: Mail, language: Language, names: Names, now: datetime
) -> EmailMessage:
    """The mail; that of the close is an answer to that of the opening."""
    incident, words = notice.incident, WORDS[language]
    told = said(incident, language, names, now)
    severity = incident.state.severity
    kind = words["closed"] if not notice.opened else words[_word(severity)]
    mail = EmailMessage()
    mail["From"] = options.sender
    mail["To"] = ", ".join(options.recipients)
    mail["Subject"] = f"[{kind}] {told.title}: {told.affected} ({incident.id})"
    mail["Date"] = format_datetime(now)
    domain = options.sender.partition("@")[2]
    opened, closed = (f"<{incident.id}.{end}@{domain}>" for end in ("opened", "closed"))
    mail["Message-ID"] = opened if notice.opened else closed
    if not notice.opened:
        mail["In-Reply-To"] = mail["References"] = opened
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_body(notice, told, words))
    return mail


def _word(severity: Severity) -> str:
    return "alarm" if severity is Severity.ALARM else "warning"


def _body(notice: Notice, told: Said, words: dict[str, str]) -> str:
    incident = notice.incident
    lines = [told.what, "", f"{words['since']}: {told.since}"]
    lines += [f"{words['affected']}: {told.affected}"]
    if notice.opened:
        lines += ["", f"{words['do']}: {told.do}"]
        lines += [f"{words['more']}: hub explain-state {incident.state}"]
    elif incident.closed_at is not None:
        lines += [f"{words['over']}: {incident.closed_at.isoformat(timespec='seconds')}"]
    lines += ["", f"{words['incident']}: {incident.id} ({incident.state})"]
    return "\n".join(lines) + "\n"
