"""Sends by GOV.UK Notify, whose template holds placeholders (docs/notify-template.md).

An email that may have been accepted already is looked up by its reference first, so that an answer
that was lost on the way makes no second email.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol, cast

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from recommendations.emails.personalisation import personal_of
from recommendations.emails.transports.base import Rejected, Unavailable
from recommendations.emails.transports.notify_markdown import SANITISED
from recommendations.models import OutboxMail

BAD_REQUEST = 400
DELIVERED = "delivered"
FAILURES = ("permanent-failure", "temporary-failure", "technical-failure")


class Access(Protocol):
    """What settings.NOTIFY holds."""

    @property
    def api_key(self) -> str: ...
    @property
    def template_id(self) -> str: ...
    @property
    def base_url(self) -> str: ...


def get_access() -> Access:
    """Return settings.NOTIFY. Raises ImproperlyConfigured where there is no key."""
    access: Access | None = settings.NOTIFY
    if access is None:
        raise ImproperlyConfigured("NOTIFY_API_KEY is not set: GOV.UK Notify sends no email.")
    return access


def client_of(access: Access) -> Any:
    """The client; its library has no types."""
    timeout = settings.EMAIL_TIMEOUT
    make = cast("Any", NotificationsAPIClient)
    return make(access.api_key, base_url=access.base_url, timeout=timeout)


class NotifyTransport:
    """One email a request. What is accepted may still fail: see `failures` and `is_delivered`."""

    proves_address = False

    def __init__(self) -> None:
        access = get_access()
        self._template_id = access.template_id
        self._client = client_of(access)

    def send(self, mail: OutboxMail) -> str:
        try:
            return self._accepted_before(mail) or self._send(mail)
        except HTTPError as error:
            if error.status_code == BAD_REQUEST:
                answer = f"GOV.UK Notify: {error}"
                raise Rejected(answer, by_address=_is_about_address(error)) from error
            raise Unavailable(f"GOV.UK Notify: {error}") from error
        except requests.RequestException as error:
            raise Unavailable(f"GOV.UK Notify: {type(error).__name__}") from error

    def close(self) -> None:
        self._client.request_session.close()

    def _accepted_before(self, mail: OutboxMail) -> str:
        if mail.attempts <= 1:
            return ""
        found = self._client.get_all_notifications(reference=mail.message_id)["notifications"]
        return str(found[0]["id"]) if found else ""

    def _send(self, mail: OutboxMail) -> str:
        email = personal_of(mail)
        accepted = self._client.send_email_notification(
            email_address=mail.address,
            template_id=self._template_id,
            personalisation=email.fields,
            reference=mail.message_id,
            one_click_unsubscribe_url=email.leave_url,
            sanitise_content_for=SANITISED,
        )
        return str(accepted["id"])


def _is_about_address(error: HTTPError) -> bool:
    """Whether it rejects the address itself, and not our key, template or fields."""
    return any(
        each.get("error") == "ValidationError" and "email_address" in each.get("message", "")
        for each in (error.message if isinstance(error.message, list) else [])
    )


def is_delivered(access: Access, notification_id: str) -> bool:
    """Whether this email is known to have been delivered."""
    found = client_of(access).get_notification_by_id(notification_id)
    return bool(found["status"] == DELIVERED)


def failures(access: Access, *, since: datetime) -> Iterator[tuple[str, str]]:
    """Yield the id and status of each email that could not be delivered since this instant."""
    client = client_of(access)
    for status in FAILURES:
        listed = client.get_all_notifications_iterator(status=status, template_type="email")
        for each in listed:
            if _instant(each) < since:  # the latest come first
                break
            yield str(each["id"]), status


def _instant(notification: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(notification["created_at"]))
