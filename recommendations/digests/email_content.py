"""The kinds of content that are rendered as an email."""

from typing import TypeAlias

from recommendations.digests.body import BodyDigest
from recommendations.digests.national import NationalDigest
from recommendations.digests.news_mail import NewsMail

EmailContent: TypeAlias = BodyDigest | NationalDigest | NewsMail
