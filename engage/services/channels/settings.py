"""How an installation sends: all from the environment, all may be left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_TLS = ("starttls", "tls", "none")
_PORTS = {"starttls": "587", "tls": "465", "none": "25"}
_PORTS_END = 1 << 16
_SECRET = 32
_UUID = "-".join(f"[0-9a-f]{{{count}}}" for count in (8, 4, 4, 4, 12))
_NOTIFY_KEY = re.compile(f".+-{_UUID}-{_UUID}")
_FROM = re.compile(r"[^@\r\n]+@[^@\s]+")
_CONTACT = re.compile(r"mailto:[^@\s]+@[^@\s]+\.[^@\s]+")
_NEEDED = {
    "ENGAGE_SMTP_HOST": (
        "ENGAGE_SMTP_USER",
        "ENGAGE_SMTP_PASSWORD",
        "ENGAGE_SMTP_FROM",
        "ENGAGE_SMTP_CA",
    ),
    "ENGAGE_NOTIFY_KEY": ("ENGAGE_NOTIFY_SMS_TEMPLATE", "ENGAGE_NOTIFY_MAIL_TEMPLATE"),
    "ENGAGE_VAPID_KEY": ("ENGAGE_VAPID_CONTACT",),
}


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
        wrong += found._mail_faults() if found.smtp_host else []
        wrong += found._hub_faults() + found._notify_faults() + found._push_faults()
        wrong += _half_given(env)
        return found

    def _mail_faults(self) -> list[str]:
        faults = []
        if self.smtp_tls not in _TLS:
            faults.append(f"ENGAGE_SMTP_TLS: one of {', '.join(_TLS)}")
        if self.smtp_tls == "none" and self.smtp_host not in LOCAL:
            faults.append("ENGAGE_SMTP_TLS: none only to a server on this machine")
        if self.smtp_tls in _TLS and not 0 < self.smtp_port < _PORTS_END:
            faults.append("ENGAGE_SMTP_PORT: a whole number, up to 65535")
        if not _FROM.fullmatch(self.smtp_from):
            faults.append("ENGAGE_SMTP_FROM: the address that mails come from")
        if self.smtp_ca and not Path(self.smtp_ca).is_file():
            faults.append("ENGAGE_SMTP_CA: a file with certificates to trust")
        if bool(self.smtp_user) != bool(self.smtp_password):
            faults.append("ENGAGE_SMTP_USER and ENGAGE_SMTP_PASSWORD: both or neither")
        return faults

    def _hub_faults(self) -> list[str]:
        faults = []
        if self.address and not self.address.startswith("https://"):
            faults.append("ENGAGE_ADDRESS: starts with https://")
        if self.available and not self.address:
            faults.append("ENGAGE_ADDRESS: where staff reach the desk, for the link")
        if self.hook_secret and len(self.hook_secret) < _SECRET:
            faults.append(f"ENGAGE_HOOK_SECRET: at least {_SECRET} letters and digits")
        return faults

    def _notify_faults(self) -> list[str]:
        if not self.notify_key:
            return []
        faults = []
        if not _NOTIFY_KEY.fullmatch(self.notify_key):
            faults.append("ENGAGE_NOTIFY_KEY: the whole key, as Notify shows it once")
        if not (self.notify_sms or self.notify_mail):
            faults.append("ENGAGE_NOTIFY_SMS_TEMPLATE or _MAIL_TEMPLATE: its id")
        if not self.notify_url.startswith("https://"):
            faults.append("ENGAGE_NOTIFY_URL: starts with https://")
        return faults

    def _push_faults(self) -> list[str]:
        if not self.vapid_key:
            return []
        faults = []
        if not _is_vapid(self.vapid_key):
            faults.append("ENGAGE_VAPID_KEY: 32 bytes, or DER, in base64url")
        if not _CONTACT.fullmatch(self.vapid_contact):
            faults.append("ENGAGE_VAPID_CONTACT: mailto: and who runs this server")
        return faults


def _half_given(env: Mapping[str, str]) -> list[str]:
    """What does nothing without something else that is not there."""
    return [
        f"{whole}: without it {part} does nothing"
        for whole, parts in _NEEDED.items()
        if not env.get(whole)
        for part in parts
        if env.get(part)
    ]


def _is_vapid(key: str) -> bool:
    # Imported here: it takes time, and most installations have no use for it.
    from py_vapid import Vapid

    try:
        Vapid.from_string(key)
    except ValueError:
        return False
    return True
