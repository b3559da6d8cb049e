"""Who gets a digest, and what they want (design, section 1: digest readers)."""

from django.db.models import Q, QuerySet

from forces.models import Role, User
from recommendations.models import Digest, MailChoice

Outcome = Digest.Outcome


def readers() -> QuerySet[User]:
    """Active liaison officers, analysts and observers; chief officers whose body wants copies."""
    plain = Q(role__in=[Role.LIAISON_OFFICER, Role.ANALYST, Role.OBSERVER])
    copied = Q(role=Role.CHIEF_OFFICER, body__copies_to_chief_officers=True)
    return User.objects.filter(plain | copied, is_active=True).select_related("body", "mail_choice")


def choice_of(reader: User) -> MailChoice:
    """What the reader chose; the defaults, not saved, where they chose nothing."""
    try:
        return reader.mail_choice
    except MailChoice.DoesNotExist:
        return MailChoice(reader=reader)


def outcome_for(reader: User, *, anything_overdue: bool) -> str:
    """Whether this week's digest is mailed to the reader, and if not, why."""
    choice = choice_of(reader)
    if choice.weekly == MailChoice.Weekly.NEVER:
        return Outcome.UNWANTED
    if choice.bounces(reader.email):
        return Outcome.BOUNCING
    if choice.weekly == MailChoice.Weekly.OVERDUE and not anything_overdue:
        return Outcome.NOTHING_OVERDUE
    return Outcome.MAILED
