"""Sends by GOV.UK Notify, whose template holds placeholders (docs/notify-template.md).

An email that was tried before is first looked up by its reference, so that a lost answer causes no
second email.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, cast

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from recommendations.emails.personalisation import personalise_email
from recommendations.emails.transports.base import Rejected, Unavailable
from recommendations.emails.transports.notify_markdown import SANITISED
from recommendations.models import OutboxEmail

if TYPE_CHECKING:  # imported where it is used, because few installations use GOV.UK Notify
    from notifications_python_client.errors import HTTPError

BAD_REQUEST = 400
DELIVERED = "delivered"
FAILURES = ("permanent-failure", "temporary-failure", "technical-failure")


class NotifySettings(Protocol):
    """The type of settings.NOTIFY."""

    @property
    def api_key(self) -> str: ...
    @property
    def template_id(self) -> str: ...
    @property
    def base_url(self) -> str: ...


def get_notify_settings() -> NotifySettings:
    """Return settings.NOTIFY. Raises ImproperlyConfigured where there is no key."""
    notify: NotifySettings | None = settings.NOTIFY
    if notify is None:
        raise ImproperlyConfigured("Set NOTIFY_API_KEY to send emails by GOV.UK Notify.")
    return notify


def get_client(notify: NotifySettings) -> Any:
    """Return the client, whose library has no types."""
    from notifications_python_client.notifications import NotificationsAPIClient

    client_class = cast("Any", NotificationsAPIClient)
    return client_class(notify.api_key, base_url=notify.base_url, timeout=settings.EMAIL_TIMEOUT)


class NotifyTransport:
    """One email a request. Delivery may fail later: see `list_failures` and `is_delivered`."""

    proves_address = False

    def __init__(self) -> None:
        notify = get_notify_settings()
        self._template_id = notify.template_id
        self._client = get_client(notify)

    def send(self, email: OutboxEmail) -> str:
        from notifications_python_client.errors import HTTPError

        try:
            return self._find_accepted(email) or self._send(email)
        except HTTPError as error:
            if error.status_code == BAD_REQUEST:
                answer = f"GOV.UK Notify: {error}"
                raise Rejected(answer, by_address=_is_about_address(error)) from error
            raise Unavailable(f"GOV.UK Notify: {error}") from error
        except requests.RequestException as error:
            raise Unavailable(f"GOV.UK Notify: {type(error).__name__}") from error

    def close(self) -> None:
        self._client.request_session.close()

    def _find_accepted(self, email: OutboxEmail) -> str:
        if email.attempts <= 1:
            return ""
        matches = self._client.get_all_notifications(reference=email.message_id)["notifications"]
        return str(matches[0]["id"]) if matches else ""

    def _send(self, email: OutboxEmail) -> str:
        personal = personalise_email(email)
        accepted = self._client.send_email_notification(
            email_address=email.address,
            template_id=self._template_id,
            personalisation=personal.fields,
            reference=email.message_id,
            one_click_unsubscribe_url=personal.unsubscribe_url,
            sanitise_content_for=SANITISED,
        )
        return str(accepted["id"])


def _is_about_address(error: "HTTPError") -> bool:
    """Whether it rejects the address itself, and not our key, template or fields."""
    return any(
        problem.get("error") == "ValidationError" and "email_address" in problem.get("message", "")
        for problem in (error.message if isinstance(error.message, list) else [])
    )


def is_delivered(notify: NotifySettings, notification_id: str) -> bool:
    """Whether this email is known to have been delivered."""
    notification = get_client(notify).get_notification_by_id(notification_id)
    return bool(notification["status"] == DELIVERED)


def list_failures(notify: NotifySettings, *, since: datetime) -> Iterator[tuple[str, str]]:
    """Yield the id and status of each email that could not be delivered since this instant."""
    client = get_client(notify)
    for status in FAILURES:
        failed = client.get_all_notifications_iterator(status=status, template_type="email")
        for notification in failed:
            if _created_at(notification) < since:  # the latest come first
                break
            yield str(notification["id"]), status


def _created_at(notification: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(notification["created_at"]))
