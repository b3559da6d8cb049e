"""Reads and checks the environment variables about email."""

from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import ImproperlyConfigured

NOTIFY_URL = "https://api.notifications.service.gov.uk"
MIN_KEY_LENGTH = 74  # characters: two UUIDs and a name


@dataclass(frozen=True, kw_only=True)
class Notify:
    """How to reach GOV.UK Notify (NOTIFY_*)."""

    api_key: str
    template_id: str
    base_url: str

    @classmethod
    def read(cls, env: Any) -> Self | None:
        """Return None without NOTIFY_API_KEY. Raises ImproperlyConfigured with a sentence."""
        key, template = env.str("NOTIFY_API_KEY", ""), env.str("NOTIFY_TEMPLATE_ID", "")
        if not key:
            return None
        if len(key) < MIN_KEY_LENGTH:
            raise ImproperlyConfigured("NOTIFY_API_KEY is too short to be a key of GOV.UK Notify.")
        if not template:
            raise ImproperlyConfigured(
                "NOTIFY_TEMPLATE_ID is not set: GOV.UK Notify sends no email without a template."
            )
        return cls(
            api_key=key, template_id=template, base_url=env.str("NOTIFY_BASE_URL", NOTIFY_URL)
        )


@dataclass(frozen=True, kw_only=True)
class EmailTimes:
    """Times in seconds."""

    timeout: float  # for an answer of the email server
    lease: float  # for which a sender reserves its emails
    first_pause: float  # before an email is tried again

    @classmethod
    def read(cls, env: Any) -> Self:
        """Raises ImproperlyConfigured if a lease could end while its sender is still waiting."""
        times = cls(
            timeout=env.float("EMAIL_TIMEOUT", 20.0),
            lease=env.float("MAIL_LEASE", 600.0),
            first_pause=env.float("MAIL_FIRST_PAUSE", 300.0),
        )
        if min(times.timeout, times.first_pause) <= 0:
            raise ImproperlyConfigured(
                "EMAIL_TIMEOUT and MAIL_FIRST_PAUSE must be above 0 seconds."
            )
        if times.lease < 20 * times.timeout:
            raise ImproperlyConfigured(
                "MAIL_LEASE must be at least twenty times EMAIL_TIMEOUT: otherwise a slow email "
                "server could outlast it, and an email could be sent twice."
            )
        return times
