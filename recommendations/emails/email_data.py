"""The data that can be rendered as an email."""

from typing import TypeAlias

from recommendations.emails.alerts.alert_email import AlertEmail
from recommendations.emails.digests.body_digest import BodyDigest
from recommendations.emails.digests.national_digest import NationalDigest

EmailData: TypeAlias = BodyDigest | NationalDigest | AlertEmail
