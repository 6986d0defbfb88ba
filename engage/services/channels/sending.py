"""Send one notice by one channel. The rest of Engage knows no other way."""

from collections.abc import Callable, Mapping

from engage.core.duty.notices import Notice
from engage.services.channels import mail, notify, push, webhook
from engage.services.channels.failing import Failed as Failed
from engage.services.channels.failing import Refused as Refused
from engage.services.channels.settings import Channels as Channels

_Keys = Mapping[str, str]
_WAYS: Mapping[str, Callable[[Channels, str, _Keys, Notice], None]] = {
    "mail": lambda settings, to, _keys, notice: mail.send(settings, to, notice),
    "webhook": lambda settings, to, _keys, notice: webhook.send(settings, to, notice),
    "sms": lambda settings, to, _keys, notice: notify.send_sms(settings, to, notice),
    "notify-mail": lambda settings, to, _keys, notice: notify.send_mail(
        settings, to, notice
    ),
    "push": push.send,
}


def send(
    settings: Channels, channel: str, address: str, keys: _Keys, notice: Notice
) -> None:
    """Send it, or say why not.

    Raises:
        Refused: this address takes nothing any more.
        Failed: not now.
    """
    way = _WAYS.get(channel)
    if way is None or channel not in settings.available:
        raise Failed("this channel is not set up")
    way(settings, address, keys, notice)
