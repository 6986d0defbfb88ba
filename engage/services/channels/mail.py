"""Mail: SMTP with TLS and sign-in."""

import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from engage.core.duty import notices
from engage.core.duty.notices import Notice
from engage.services.channels.failing import Failed, Refused
from engage.services.channels.settings import Channels

SECONDS = 10.0
_FOR_GOOD = range(500, 600)


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
        Failed: no connection, no trust, no sign-in, or "later".
    """
    if not settings.smtp_host:
        raise Failed("no mail server is set up")
    message = _message(settings, address, subject, text, key)
    try:
        with _connected(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _said in refused.recipients.values()]
        if all(code in _FOR_GOOD for code in codes):
            raise Refused("the mail server does not know this address") from None
        raise Failed("the mail server asks to try again later") from None
    except OSError as fault:  # all of smtplib's are one
        raise Failed(_why(fault)) from None


def _why(fault: OSError) -> str:
    """In words that hold no address and no password, as the server's own might."""
    match fault:
        case smtplib.SMTPAuthenticationError():
            return "the mail server refuses our name and password"
        case smtplib.SMTPServerDisconnected():
            return "the mail server hung up, or took too long"
        case smtplib.SMTPException():
            return "the mail server did not take it"
        case ssl.SSLError():
            return "the mail server’s certificate is not to be trusted"
        case TimeoutError():
            return "the mail server took too long"
        case _:
            return "the mail server does not answer"


def _connected(settings: Channels) -> smtplib.SMTP:
    trusted = ssl.create_default_context(cafile=settings.smtp_ca or None)
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_tls == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=trusted)
    server = smtplib.SMTP(host, port, timeout=SECONDS)
    if settings.smtp_tls == "starttls":
        try:
            server.starttls(context=trusted)
        except Exception:
            server.close()
            raise
    return server


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
    if key:
        domain = settings.smtp_from.rsplit("@", 1)[-1].strip("<> ")
        message["Message-ID"] = f"<{key}@{domain}>"
    # Nobody's holiday answer should come back to us.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(text)
    return message
