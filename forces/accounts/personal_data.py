"""The personal data of an account: which rows an export contains, and what their removal does."""

from dataclasses import dataclass
from enum import StrEnum

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet

from forces.models import (
    AccountEmail,
    ApiToken,
    AuditEvent,
    BodyEnd,
    BodyName,
    CalendarFeed,
    Departure,
    Invitation,
    Membership,
    PersonName,
    UsedCode,
    User,
)


class Removal(StrEnum):
    """What happens to rows when their person is removed."""

    DELETED = "deleted"
    BLANKED = "kept, without name and address"
    KEPT = "kept, under the new name"


@dataclass(frozen=True)
class Records:
    """A model that refers to a person in the field `person`.

    `fields` are exported: all except keys, secrets and their hashes, and the content of files.
    """

    title: str
    model: type[Model]
    person: str
    fields: str
    fate: Removal = Removal.KEPT

    def of(self, person: User) -> QuerySet[Model]:
        rows: QuerySet[Model] = self.model._default_manager.filter(**{self.person: person})
        return rows


PROFILE_FIELDS = (
    *("name", "email", "role", "body__name", "is_active", "joined_at", "last_login"),
    *("has_second_factor", "has_provider_factor", "prefers_one_page"),
)

_BODY_END = "body__short_name ends_on successor__short_name reason recorded_at"
_BODY_NAME = "body__short_name name short_name since recorded_at"

ACCOUNT_DATA = (
    Records(
        "API tokens",
        ApiToken,
        "person",
        "name prefix created_at expires_at last_used_at revoked_at",
        Removal.DELETED,
    ),
    Records(
        "Calendar addresses",
        CalendarFeed,
        "person",
        "body__short_name created_at revoked_at",
        Removal.DELETED,
    ),
    Records(
        "Organisations that this person acts for",
        Membership,
        "person",
        "body__short_name role from_on until_on ended_at is_main source",
    ),
    Records("Invitations", Invitation, "person", "invited_at expires_at used_at", Removal.DELETED),
    Records("People invited by this person", Invitation, "invited_by", "invited_at"),
    Records(
        "Second factors", Authenticator, "user", "type created_at last_used_at", Removal.DELETED
    ),
    Records("Signed-in devices", UserSession, "user", "ip user_agent created_at", Removal.DELETED),
    Records("Single sign-on", SocialAccount, "user", "provider uid date_joined", Removal.DELETED),
    Records("Other email addresses", EmailAddress, "user", "email verified", Removal.DELETED),
    Records(
        "Emails about the account", AccountEmail, "person", "kind words asked_at", Removal.DELETED
    ),
    Records("Used codes of a second factor", UsedCode, "person", "used_at", Removal.DELETED),
    Records("Former names", PersonName, "person", "name until", Removal.DELETED),
    Records("Names of organisations recorded", BodyName, "recorded_by", _BODY_NAME),
    Records("Ends of organisations recorded", BodyEnd, "recorded_by", _BODY_END),
    Records("When this person left", Departure, "person", "left_at removed_at"),
    Records(
        "Changes by this person in the administration pages",
        LogEntry,
        "user",
        "action_time action_flag object_repr change_message",
        Removal.DELETED,
    ),
    Records(
        "Audit trail of this person",
        AuditEvent,
        "actor",
        "position at act body__short_name subject_type subject_id details request_id",
    ),
)
