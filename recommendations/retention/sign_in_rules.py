"""Retention rules for sign-in: second factors, invitations, attempts, single sign-on."""

from datetime import timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from forces.accounts.emails import MAX_AGE as MAX_ACCOUNT_EMAIL_AGE
from forces.models import AccountEmail, AttemptLog, Invitation, UsedCode
from recommendations.retention.expiry import ExpiredRows, older
from recommendations.retention.rule import DAY, Rule

_CURRENT_SESSION = Session.objects.filter(session_key=OuterRef("session_key"))

SIGN_IN_RULES = (
    Rule(
        what="Where you are signed in: the IP address and browser",
        why="So that you can see where you are signed in, and sign out other people.",
        of=[UserSession],
        lasts=DAY,
        since="after that session began, or until it ends",
        expiries=[
            ExpiredRows(lambda before: UserSession.objects.filter(~Exists(_CURRENT_SESSION)))
        ],
    ),
    Rule(
        what="Second factors, and your identifier for single sign-on",
        why="So that you can sign in. They are deleted when you remove them, or with your account.",
        of=[Authenticator, SocialAccount, SocialApp, SocialToken, EmailAddress, EmailConfirmation],
    ),
    Rule(
        what="Invitations",
        why="To show whether an invitation was used.",
        of=[Invitation],
        lasts=30 * DAY,
        since="after it was sent",
        expiries=[older(Invitation, "invited_at")],
    ),
    Rule(
        what="Emails about accounts that are waiting to be sent",
        why="The links in them no longer work later.",
        of=[AccountEmail],
        lasts=MAX_ACCOUNT_EMAIL_AGE,
        since="after it was requested",
        expiries=[older(AccountEmail, "asked_at")],
    ),
    Rule(
        what="Codes of a second factor that have been used",
        why="So that no code works twice.",
        of=[UsedCode],
        lasts=timedelta(hours=1),
        since="after it was used",
        expiries=[older(UsedCode, "used_at")],
    ),
    Rule(
        what="Number of sign-in attempts, without names",
        why="To slow down people who guess passwords.",
        of=[AttemptLog],
        lasts=DAY,
        since="after the last attempt",
        expiries=[older(AttemptLog, "last_at")],
    ),
)
