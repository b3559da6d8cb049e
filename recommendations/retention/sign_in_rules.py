"""Rules for what opens the door: second factors, invitations, counted tries, single sign-on."""

from datetime import timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from forces.accounts.emails import KEPT as MAIL_KEPT
from forces.models import AccountMail, AttemptLog, Invitation, UsedCode
from recommendations.retention.expiry import Rows
from recommendations.retention.rule import DAY, Rule

_LIVING = Session.objects.filter(session_key=OuterRef("session_key"))

KEYS = (
    Rule(
        what="Where you are signed in: the address and the kind of browser",
        why="To show you, so that you can sign a stranger out.",
        of=[UserSession],
        lasts=DAY,
        since="after that session began, or until it ends",
        lapsing=[Rows(lambda before: UserSession.objects.filter(~Exists(_LIVING)))],
    ),
    Rule(
        what="Second factors, and your key at a single sign-on",
        why="To let you in. They go when you remove them, or are removed yourself.",
        of=[Authenticator, SocialAccount, SocialApp, SocialToken, EmailAddress, EmailConfirmation],
    ),
    Rule(
        what="Invitations",
        why="To show what became of one.",
        of=[Invitation],
        lasts=30 * DAY,
        since="after it was sent",
        lapsing=[Rows(lambda before: Invitation.objects.filter(invited_at__lt=before))],
    ),
    Rule(
        what="Mail about accounts that waits to be sent",
        why="A link that comes later helps nobody.",
        of=[AccountMail],
        lasts=MAIL_KEPT,
        since="after it was asked for",
        lapsing=[Rows(lambda before: AccountMail.objects.filter(asked_at__lt=before))],
    ),
    Rule(
        what="Codes of a second factor that have been used",
        why="So that none works twice.",
        of=[UsedCode],
        lasts=timedelta(hours=1),
        since="after it was used",
        lapsing=[Rows(lambda before: UsedCode.objects.filter(used_at__lt=before))],
    ),
    Rule(
        what="How often something was tried, without saying by whom",
        why="To slow down whoever guesses.",
        of=[AttemptLog],
        lasts=DAY,
        since="after the last try",
        lapsing=[Rows(lambda before: AttemptLog.objects.filter(last_at__lt=before))],
    ),
)
