"""How an installation sends: all from the environment, all may be left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_TLS = ("starttls", "tls", "none")
_PORTS = {"starttls": "587", "tls": "465", "none": "25"}


@dataclass(frozen=True)
class Channels:
    """What is not set up is empty. Secrets stay out of anything that prints this."""

    address: str = ""
    """Where the desk is, as staff reach it: the one link in a notice."""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_tls: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_from: str = ""
    smtp_ca: str = ""
    """A file of certificates to trust instead of the system's."""
    hook_secret: str = field(default="", repr=False)
    hook_local: bool = False
    """Hubs on this machine or network, over plain HTTP. Only tests turn this on."""
    notify_key: str = field(default="", repr=False)
    notify_sms: str = ""
    notify_mail: str = ""
    notify_url: str = "https://api.notifications.service.gov.uk"
    vapid_key: str = field(default="", repr=False)
    vapid_contact: str = ""
    push_local: bool = False

    @property
    def available(self) -> frozenset[str]:
        """The channels that are set up."""
        found = {
            "mail": self.smtp_host,
            "webhook": self.hook_secret,
            "sms": self.notify_key and self.notify_sms,
            "notify-mail": self.notify_key and self.notify_mail,
            "push": self.vapid_key,
        }
        return frozenset(name for name, there in found.items() if there)

    @classmethod
    def from_env(cls, env: Mapping[str, str], wrong: list[str]) -> Self:
        """Read ENGAGE_*; what is malformed or half given is added to `wrong`."""
        tls = env.get("ENGAGE_SMTP_TLS", "starttls")
        port = env.get("ENGAGE_SMTP_PORT", _PORTS.get(tls, ""))
        found = cls(
            address=env.get("ENGAGE_ADDRESS", ""),
            smtp_host=env.get("ENGAGE_SMTP_HOST", ""),
            smtp_port=int(port) if port.isdecimal() else 0,
            smtp_tls=tls,
            smtp_user=env.get("ENGAGE_SMTP_USER", ""),
            smtp_password=env.get("ENGAGE_SMTP_PASSWORD", ""),
            smtp_from=env.get("ENGAGE_SMTP_FROM", ""),
            smtp_ca=env.get("ENGAGE_SMTP_CA", ""),
            hook_secret=env.get("ENGAGE_HOOK_SECRET", ""),
            notify_key=env.get("ENGAGE_NOTIFY_KEY", ""),
            notify_sms=env.get("ENGAGE_NOTIFY_SMS_TEMPLATE", ""),
            notify_mail=env.get("ENGAGE_NOTIFY_MAIL_TEMPLATE", ""),
            notify_url=env.get("ENGAGE_NOTIFY_URL", cls.notify_url),
            vapid_key=env.get("ENGAGE_VAPID_KEY", ""),
            vapid_contact=env.get("ENGAGE_VAPID_CONTACT", ""),
        )
        wrong += found._mail_faults() + found._other_faults()
        return found

    def _mail_faults(self) -> list[str]:
        if not self.smtp_host:
            return []
        faults = []
        if self.smtp_tls not in _TLS:
            faults.append(f"ENGAGE_SMTP_TLS: one of {', '.join(_TLS)}")
        if self.smtp_tls == "none" and self.smtp_host not in LOCAL:
            faults.append("ENGAGE_SMTP_TLS: none only to a server on this machine")
        if not self.smtp_port:
            faults.append("ENGAGE_SMTP_PORT: a whole number")
        if "@" not in self.smtp_from:
            faults.append("ENGAGE_SMTP_FROM: the address that mails come from")
        if bool(self.smtp_user) != bool(self.smtp_password):
            faults.append("ENGAGE_SMTP_USER and ENGAGE_SMTP_PASSWORD: both or neither")
        return faults

    def _other_faults(self) -> list[str]:
        faults = []
        if self.address and not self.address.startswith("https://"):
            faults.append("ENGAGE_ADDRESS: starts with https://")
        if self.available and not self.address:
            faults.append("ENGAGE_ADDRESS: where staff reach the desk, for the link")
        if self.notify_key and not (self.notify_sms or self.notify_mail):
            faults.append("ENGAGE_NOTIFY_SMS_TEMPLATE or _MAIL_TEMPLATE: its id")
        if self.vapid_key and not self.vapid_contact.startswith("mailto:"):
            faults.append("ENGAGE_VAPID_CONTACT: mailto: and who runs this server")
        return faults
