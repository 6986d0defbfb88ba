"""Mail: SMTP with TLS and sign-in."""

import io
import smtplib
import ssl
import time
from contextlib import closing, suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from socket import socket
from typing import Any

from engage.core.duty import notices
from engage.core.duty.notices import Notice
from engage.services.channels.failing import Failed, Refused
from engage.services.channels.settings import Channels

SECONDS = 10.0
"""For the whole conversation: a server that hangs, or drips, holds nobody up."""
_NOBODY_THERE = frozenset({550, 551, 553})
_NOT_ALLOWED = b"5.7"
"""How a server begins if it is our right to send that it doubts, not the address."""
_FAULTS: tuple[tuple[type[OSError], str], ...] = (
    (smtplib.SMTPAuthenticationError, "the mail server refuses our name and password"),
    (smtplib.SMTPServerDisconnected, "the mail server hung up, or took too long"),
    (smtplib.SMTPNotSupportedError, "the mail server offers no TLS, or no sign-in"),
    (smtplib.SMTPException, "the mail server did not take it"),
    (
        ssl.SSLCertVerificationError,
        "the mail server’s certificate is not to be trusted",
    ),
    (ssl.SSLError, "the mail server does not agree on TLS"),
    (TimeoutError, "the mail server took too long"),
    (OSError, "the mail server does not answer"),
)
"""In words that hold no address and no password, as the server's own might."""


def send(settings: Channels, address: str, notice: Notice) -> None:
    """Hand one notice to the mail server. Raises `Refused` or `Failed`."""
    send_text(
        settings, address, notices.subject(notice), notices.text(notice), notice.key
    )


def send_text(
    settings: Channels, address: str, subject: str, text: str, key: str = ""
) -> None:
    """Hand one mail to the mail server.

    `key`: the same for each try of one mail, which then has the same Message-ID.

    Raises:
        Refused: the server does not take mail for this address.
        Failed: no connection, no trust, no sign-in (ours to mend), or "later".
    """
    if not settings.smtp_host:
        raise Failed("no mail server is set up")
    message = _message(settings, address, subject, text, key)
    try:
        _hand_over(settings, message)
    except smtplib.SMTPRecipientsRefused as refused:
        if all(_for_good(*answer) for answer in refused.recipients.values()):
            raise Refused("the mail server does not know this address") from None
        raise Failed("the mail server asks to try again later") from None
    except OSError as fault:  # all of smtplib's are one
        raise Failed(_why(fault)) from None


def _for_good(code: int, said: bytes) -> bool:
    return code in _NOBODY_THERE and not said.startswith(_NOT_ALLOWED)


def _why(fault: OSError) -> str:
    return next(said for kind, said in _FAULTS if isinstance(fault, kind))


def _hand_over(settings: Channels, message: EmailMessage) -> None:
    trusted = ssl.create_default_context(cafile=settings.smtp_ca or None)
    host, port = settings.smtp_host, settings.smtp_port
    with closing(
        _Tls(host, port, context=trusted)
        if settings.smtp_tls == "tls"
        else _InTime(host, port)
    ) as server:
        if settings.smtp_tls == "starttls":
            server.starttls(context=trusted)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)
        # It has the mail. How it says goodbye must not make us send it again.
        with suppress(OSError):
            server.quit()


class _InTime(smtplib.SMTP):
    """A conversation that ends. smtplib by itself waits so long for every byte."""

    def __init__(self, host: str, port: int, **more: Any) -> None:
        self.ends = time.monotonic() + SECONDS
        super().__init__(host, port, timeout=SECONDS, **more)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Until(self.sock, self.ends))
        return super().getreply()


class _Tls(_InTime, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""


class _Until(io.RawIOBase):
    """What a socket says until a moment, and no longer."""

    def __init__(self, sock: socket, ends: float) -> None:
        self.sock, self.ends = sock, ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(left)
        return self.sock.recv_into(buffer)


def _message(
    settings: Channels, address: str, subject: str, text: str, key: str
) -> EmailMessage:
    message = EmailMessage()
    try:
        # Exactly one, without a name, and nothing that could be a header of its own.
        message["To"] = (Address(addr_spec=address),)
        message["From"] = settings.smtp_from
        message["Subject"] = subject
    except (ValueError, IndexError, MessageError):
        raise Refused("this is not an address for mail") from None
    if not message["To"].addresses[0].domain:
        raise Refused("this is not an address for mail")
    message["Date"] = formatdate(localtime=False)
    domain = settings.smtp_from.rsplit("@", 1)[-1].strip("<> ")
    message["Message-ID"] = f"<{key}@{domain}>" if key else make_msgid(domain=domain)
    # Nobody's holiday answer should come back to us.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text)
    return message
