"""The kinds of content that are rendered as an email."""

from typing import TypeAlias

from recommendations.emails.alerts.alert_email import NewsMail
from recommendations.emails.digests.body_digest import BodyDigest
from recommendations.emails.digests.national_digest import NationalDigest

EmailContent: TypeAlias = BodyDigest | NationalDigest | NewsMail
