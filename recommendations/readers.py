"""Who gets digests and alerts, what they chose, and which emails are no longer for them."""

from datetime import date, datetime
from typing import TypeAlias

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from forces.models import Body, Membership, Role, User
from forces.models.membership import MEMBER_SQL, members_of
from forces.rows import tuples
from recommendations.models import Digest, EmailPreference, OutboxEmail
from recommendations.rules import london_day

Place: TypeAlias = tuple[str, int | None]  # a role, and the key of its organisation
Outcome, Kind = Digest.Outcome, OutboxEmail.Kind
ACCOUNT_CLOSED = "The reader's account has been closed."
ROLE_CHANGED = "The reader now has another role or organisation."
MEMBERSHIP_ENDED = "The reader no longer acts for one of the organisations in it."
NO_DIGEST = "The reader no longer gets the weekly digest."
UNSUBSCRIBED = "The reader has stopped these emails."
# Who can get instant alerts
ALERT_ROLES = (Role.LIAISON_OFFICER, Role.ANALYST, Role.CHIEF_OFFICER, Role.SECOND_REVIEWER)
# Of a user: emails to the present address have bounced. The same as `EmailPreference.bounces`.
BOUNCING = Q(
    email_preference__bouncing_since__isnull=False, email_preference__rejected_address=F("email")
)
# The same as `with_alerts`, for SQL.
_OFFICER_WITH_ALERTS = f"""
    SELECT u.id FROM forces_user u
    LEFT JOIN recommendations_mailchoice c ON c.reader_id = u.id
    WHERE u.is_active AND {MEMBER_SQL} AND coalesce(c.at_once, true)
      AND (c.bouncing_since IS NULL OR c.refused_address <> u.email)
    LIMIT 1
"""  # noqa: S608  # nosec B608 # from constants


def memberships_with_digest(*, on: date) -> QuerySet[Membership]:
    """Memberships of all roles, but of chief officers only if their body copies them in.

    Administrators get the national digest with the head of the audit trail (forces/audit_head.py).
    Current on the London day `on`, each person's main one first.
    """
    not_copied = Q(role=Role.CHIEF_OFFICER, body__copies_to_chief_officers=False)
    current = Membership.objects.current(on=on).exclude(not_copied)
    return current.select_related("body").in_order()


def readers(*, on: date) -> QuerySet[User]:
    """Active people with a membership that gets the digest, as `digest_memberships`."""
    memberships = memberships_with_digest(on=on)
    people = User.objects.filter(gets_digest(on=on)).select_related("body", "email_preference")
    return people.prefetch_related(
        Prefetch("memberships", queryset=memberships, to_attr="digest_memberships")
    )


def gets_digest(*, on: date) -> Q:
    """A condition on people: they are one of the `readers`."""
    memberships = memberships_with_digest(on=on).filter(person=OuterRef("pk")).order_by()
    return Q(Exists(memberships), is_active=True)


def find_reader(key: int, *, on: date) -> User | None:
    """Return one of the `readers`, or None; 1 query."""
    memberships = list(
        memberships_with_digest(on=on)
        .filter(person=key, person__is_active=True)
        .select_related("body", "person__body", "person__email_preference")
    )
    if not memberships:
        return None
    reader = memberships[0].person
    reader.digest_memberships = memberships  # type: ignore[attr-defined]  # as `readers` does
    return reader


def digest_places(reader: User) -> tuple[Place, ...]:
    """Return role and organisation of each part of the reader's digest; no query for `readers`."""
    memberships = getattr(reader, "digest_memberships", None)
    return tuple((row.role, row.body_id) for row in memberships or ()) or (reader.main_place,)


def has_officers_with_alerts(body: Body, *, on: date) -> bool:
    """Whether a liaison officer of the organisation is one `with_alerts`; 1 query."""
    return bool(tuples(_OFFICER_WITH_ALERTS, body.pk, Role.LIAISON_OFFICER, on, on))


def with_alerts(people: QuerySet[User]) -> QuerySet[User]:
    """Return those who want instant alerts, and whom emails reach."""
    wanting = Q(email_preference=None) | Q(email_preference__at_once=True)
    return people.filter(wanting).exclude(BOUNCING)


def chief_officers(body: Body, *, on: date) -> QuerySet[User]:
    """Return the active chief officers of an organisation, who can approve its updates."""
    members = members_of(body, role=Role.CHIEF_OFFICER, on=on)
    return User.objects.filter(members, is_active=True)


def preferences_of(reader: User) -> EmailPreference:
    """Return the reader's preferences, or the unsaved defaults.

    Administrators get every digest, because it has the head of the audit trail.
    """
    try:
        return reader.email_preference
    except EmailPreference.DoesNotExist:
        weekly = EmailPreference.Weekly
        is_administrator = reader.role == Role.ADMINISTRATOR
        default = weekly.ALWAYS if is_administrator else weekly.OVERDUE
        return EmailPreference(reader=reader, weekly=default)


def outcome_for(reader: User, *, anything_overdue: bool) -> str:
    """Return whether this week's digest is sent to the reader, and if not, why."""
    choice = preferences_of(reader)
    if choice.weekly == EmailPreference.Weekly.NEVER:
        return Outcome.UNWANTED
    if choice.bounces(reader.email):
        return Outcome.BOUNCING
    if choice.weekly == EmailPreference.Weekly.OVERDUE and not anything_overdue:
        return Outcome.NOTHING_OVERDUE
    return Outcome.MAILED


def can_be_created(digest: Digest, *, at: datetime) -> bool:
    """Whether this week's digest was not created because emails to its reader bounced."""
    is_current = (digest.iso_year, digest.iso_week) == london_day(at).isocalendar()[:2]
    return digest.outcome == Outcome.BOUNCING and is_current


def reason_not_to_send(email: OutboxEmail, *, on: date) -> str:
    """Return a sentence if this email must not be sent now, or "" if it may."""
    row = OutboxEmail.objects.filter(pk=email.pk)
    return next(
        (reason for reason, emails in reasons_not_to_send(row, on=on) if emails.exists()), ""
    )


def still_relevant(emails: QuerySet[OutboxEmail], *, on: date) -> QuerySet[OutboxEmail]:
    """The emails that no reason speaks against."""
    for _, excluded in reasons_not_to_send(OutboxEmail.objects.all(), on=on):
        emails = emails.exclude(pk__in=excluded.values("pk"))
    return emails


def reasons_not_to_send(
    emails: QuerySet[OutboxEmail], *, on: date
) -> list[tuple[str, QuerySet[OutboxEmail]]]:
    """Return each reason with the emails that it applies to."""
    same_role = (
        Membership.objects.current(on=on)
        .filter(person=OuterRef("reader"), role=OuterRef("for_role"))
        .annotate(body_key=Coalesce(F("body"), Value(0)))
    )
    unchanged = same_role.filter(body_key=Coalesce(OuterRef("for_body"), 0))
    digests, alerts = emails.filter(kind=Kind.DIGEST), emails.filter(kind=Kind.AT_ONCE)
    over = Q(ended_at__gt=OuterRef("created_at")) | Q(ended_at=None, until_on__lt=on)
    ended = Membership.objects.filter(over, person=OuterRef("reader")).filter(
        Q(is_main=True) | Q(from_on__lte=OuterRef("digest__on")),
        Q(until_on=None) | Q(until_on__gte=OuterRef("digest__on")),
    )
    no_digests = EmailPreference.objects.filter(weekly=EmailPreference.Weekly.NEVER)
    no_alerts = EmailPreference.objects.filter(at_once=False)
    return [
        (ACCOUNT_CLOSED, emails.filter(reader__in=User.objects.filter(is_active=False))),
        (ROLE_CHANGED, emails.exclude(Exists(unchanged))),
        (MEMBERSHIP_ENDED, digests.filter(Exists(ended))),
        (NO_DIGEST, digests.exclude(reader__in=readers(on=on).values("pk"))),
        (UNSUBSCRIBED, digests.filter(reader__in=no_digests.values("reader"))),
        (UNSUBSCRIBED, alerts.filter(reader__in=no_alerts.values("reader"))),
    ]
