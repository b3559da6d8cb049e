"""Who gets a digest, what they want, and which mail is not for them any more (design, section 1:
digest readers).
"""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from forces.models import Role, User
from recommendations.models import Digest, MailChoice, OutboxMail
from recommendations.rules import london_day

Outcome, Kind = Digest.Outcome, OutboxMail.Kind
LEFT = "The reader's account was closed."
OTHER_ROLE = "The reader has another role or body by now."
NO_READER = "The reader gets no weekly digest any more."
UNWANTED = "The reader wants no such mail any more."
NEWS_ROLES = (Role.LIAISON_OFFICER, Role.ANALYST)  # whom the news at once are for
# Of a user: mail to the present address has been given up. `MailChoice.bounces` says the same.
BOUNCING = Q(mail_choice__bouncing_since__isnull=False, mail_choice__refused_address=F("email"))


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


def is_unmade(digest: Digest, *, at: datetime) -> bool:
    """Made no mail as the address bounced, in the week of this instant: it can be made now."""
    is_current = (digest.iso_year, digest.iso_week) == london_day(at).isocalendar()[:2]
    return digest.outcome == Outcome.BOUNCING and is_current


def why_not(mail: OutboxMail) -> str:
    """Why this mail is not to be sent as things are now, in a sentence; "" where it may be."""
    this = OutboxMail.objects.filter(pk=mail.pk)
    return next((words for words, those in reasons_against(this) if those.exists()), "")


def fitting(mails: QuerySet[OutboxMail]) -> QuerySet[OutboxMail]:
    """Those that still are for their reader."""
    for _, those in reasons_against(OutboxMail.objects.all()):
        mails = mails.exclude(pk__in=those.values("pk"))
    return mails


def reasons_against(mails: QuerySet[OutboxMail]) -> list[tuple[str, QuerySet[OutboxMail]]]:
    """Each reason with those for which it holds."""
    same = User.objects.filter(pk=OuterRef("reader"), role=OuterRef("for_role"))
    same = same.annotate(of=Coalesce(F("body"), Value(0)))
    weekly, news = mails.filter(kind=Kind.DIGEST), mails.filter(kind=Kind.AT_ONCE)
    no_digest = MailChoice.objects.filter(weekly=MailChoice.Weekly.NEVER)
    no_news = MailChoice.objects.filter(at_once=False)
    return [
        (LEFT, mails.filter(reader__in=User.objects.filter(is_active=False))),
        (OTHER_ROLE, mails.exclude(Exists(same.filter(of=Coalesce(OuterRef("for_body"), 0))))),
        (NO_READER, weekly.exclude(reader__in=readers().values("pk"))),
        (UNWANTED, weekly.filter(reader__in=no_digest.values("reader"))),
        (UNWANTED, news.filter(reader__in=no_news.values("reader"))),
    ]
