"""A real mail server, with TLS and sign-in, that says when each mail came."""

import logging
import ssl
import tempfile
import threading
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

logging.getLogger("mail.log").setLevel(logging.ERROR)
USER, PASSWORD = "engage", "a long password"


@dataclass(frozen=True)
class Mail:
    at: float
    """Seconds, as `time.monotonic`."""
    to: str
    subject: str
    id: str

    @property
    def reference(self) -> str:
        """Of the flag, as the subject has it."""
        return self.subject.split(": ")[-1].split(",")[0]


class Mailbox:
    """Starts with `up`, stops with `down`: always at the same port."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[Mail] = []
        self.came = threading.Condition()
        authority = trustme.CA()
        self.certificate = authority.issue_cert("localhost")
        self.folder = tempfile.TemporaryDirectory()
        self.ca = Path(self.folder.name) / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca))
        self.controller: Controller | None = None

    def up(self) -> None:
        trusted = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.certificate.configure_cert(trusted)
        self.controller = Controller(
            self,
            hostname="localhost",
            port=self.port,
            tls_context=trusted,
            auth_required=True,
            authenticator=self._known,
        )
        self.controller.start()

    def down(self) -> None:
        if self.controller is not None:
            self.controller.stop()
        self.controller = None

    def environment(self) -> dict[str, str]:
        return {
            "ENGAGE_SMTP_HOST": "localhost",
            "ENGAGE_SMTP_PORT": str(self.port),
            "ENGAGE_SMTP_TLS": "starttls",
            "ENGAGE_SMTP_USER": USER,
            "ENGAGE_SMTP_PASSWORD": PASSWORD,
            "ENGAGE_SMTP_FROM": "desk@engage.example",
            "ENGAGE_SMTP_CA": str(self.ca),
            "ENGAGE_ADDRESS": "https://engage.example",
        }

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's
        message = message_from_bytes(envelope.content, policy=policy.default)
        with self.came:
            for to in envelope.rcpt_tos:
                self.mails.append(
                    Mail(
                        time.monotonic(), to, message["Subject"], message["Message-ID"]
                    )
                )
            self.came.notify_all()
        return "250 taken"

    def wait_for(self, count: int, seconds: float = 30) -> bool:
        """Until so many mails have come."""
        with self.came:
            return self.came.wait_for(lambda: len(self.mails) >= count, seconds)

    @staticmethod
    def _known(_server, _session, _envelope, _mechanism, given):
        right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=right, auth_data=given)
