"""Sending by GOV.UK Notify, whose template holds two placeholders (docs/notify-template.md).

A mail that may have been taken already is looked for by its reference first, so that an answer
that was lost on the way makes no second mail.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol, cast

import requests
from django.conf import settings
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from recommendations.digests.notify_words import SANITISED
from recommendations.digests.personal import Personal, personal_of
from recommendations.digests.transport import Away, Refused
from recommendations.models import OutboxMail

BAD_REQUEST = 400
DELIVERED = "delivered"
FAILURES = ("permanent-failure", "temporary-failure", "technical-failure")


class Access(Protocol):
    """What settings.NOTIFY tells."""

    @property
    def api_key(self) -> str: ...
    @property
    def template_id(self) -> str: ...
    @property
    def base_url(self) -> str: ...


def client_of(access: Access) -> Any:
    """The client; its library has no types."""
    timeout = settings.EMAIL_TIMEOUT
    make = cast("Any", NotificationsAPIClient)
    return make(access.api_key, base_url=access.base_url, timeout=timeout)


class NotifyTransport:
    """One mail a request. What it takes has not arrived yet: see `failures` and `is_delivered`."""

    proves_address = False

    def __init__(self, access: Access) -> None:
        self._template_id = access.template_id
        self._client = client_of(access)

    def send(self, mail: OutboxMail) -> str:
        try:
            return self._taken_before(mail) or self._send(mail, personal_of(mail))
        except HTTPError as error:
            if error.status_code == BAD_REQUEST:
                words = f"GOV.UK Notify: {error}"
                raise Refused(words, by_address=_is_of_address(error)) from error
            raise Away(f"GOV.UK Notify: {error}") from error
        except requests.RequestException as error:
            raise Away(f"GOV.UK Notify: {type(error).__name__}") from error

    def close(self) -> None:
        self._client.request_session.close()

    def _taken_before(self, mail: OutboxMail) -> str:
        if mail.attempts <= 1:
            return ""
        found = self._client.get_all_notifications(reference=mail.message_id)["notifications"]
        return str(found[0]["id"]) if found else ""

    def _send(self, mail: OutboxMail, said: Personal) -> str:
        taken = self._client.send_email_notification(
            email_address=mail.address,
            template_id=self._template_id,
            personalisation=said.fields,
            reference=mail.message_id,
            one_click_unsubscribe_url=said.leave_url,
            sanitise_content_for=SANITISED,
        )
        return str(taken["id"])


def _is_of_address(error: HTTPError) -> bool:
    """Whether it refuses the address itself, and not our key, template or fields."""
    return any(
        each.get("error") == "ValidationError" and "email_address" in each.get("message", "")
        for each in (error.message if isinstance(error.message, list) else [])
    )


def is_delivered(access: Access, notification_id: str) -> bool:
    """Whether the address has taken this mail, as far as is known."""
    found = client_of(access).get_notification_by_id(notification_id)
    return bool(found["status"] == DELIVERED)


def failures(access: Access, *, since: datetime) -> Iterator[tuple[str, str]]:
    """Which mail GOV.UK Notify could not deliver since this instant: its name for it, and why."""
    client = client_of(access)
    for status in FAILURES:
        listed = client.get_all_notifications_iterator(status=status, template_type="email")
        for each in listed:
            if _instant(each) < since:  # the latest come first
                break
            yield str(each["id"]), status


def _instant(notification: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(notification["created_at"]))
