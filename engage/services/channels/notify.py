"""GOV.UK Notify: text messages and mails, by its own client.

The templates need these fields and no others: `subject` (mail only) and `text`.
"""

import logging
from collections.abc import Callable

from engage.core.duty import notices
from engage.core.duty.notices import Notice
from engage.services.channels.failing import Failed, Refused
from engage.services.channels.settings import Channels

SECONDS = 10
_BAD_ADDRESS = frozenset({400})


def send_sms(settings: Channels, address: str, notice: Notice) -> None:
    """Hand one text message to Notify. Raises `Refused` or `Failed`."""
    said = {"text": notices.short(notice)}
    _send(
        settings,
        lambda client: client.send_sms_notification(
            phone_number=address,
            template_id=settings.notify_sms,
            personalisation=said,
            reference=notice.key or None,
        ),
    )


def send_mail(settings: Channels, address: str, notice: Notice) -> None:
    """Hand one mail to Notify. Raises `Refused` or `Failed`."""
    said = {"subject": notices.subject(notice), "text": notices.text(notice)}
    _send(
        settings,
        lambda client: client.send_email_notification(
            email_address=address,
            template_id=settings.notify_mail,
            personalisation=said,
            reference=notice.key or None,
        ),
    )


def _send(settings: Channels, send: Callable[..., object]) -> None:
    # Imported here: most installations have no use for it, and it takes memory.
    import requests
    from notifications_python_client.errors import HTTPError, InvalidResponse
    from notifications_python_client.notifications import NotificationsAPIClient

    # It writes down whatever the server says, which may quote the number.
    logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
    try:
        client = NotificationsAPIClient(  # type: ignore[no-untyped-call]
            settings.notify_key, base_url=settings.notify_url, timeout=SECONDS
        )
        send(client)
    except HTTPError as refused:
        _explain(refused.status_code, str(refused.message))
    except (InvalidResponse, requests.RequestException, OSError):
        raise Failed("GOV.UK Notify does not answer") from None
    except (AssertionError, ValueError):
        raise Failed("GOV.UK Notify is not set up rightly") from None


def _explain(status: int, said: str) -> None:
    if status in _BAD_ADDRESS and ("phone_number" in said or "email_address" in said):
        raise Refused("GOV.UK Notify says that this is no address")
    raise Failed(f"GOV.UK Notify could not take it (status {status})")
