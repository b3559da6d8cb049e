"""All retention rules, for the job, its dry run and the privacy page.

A test checks all models: one without a rule fails it (docs/decisions/0019).
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet

from forces.models import ApiToken, CalendarFeed, Departure, Membership, PersonName, User
from recommendations import models
from recommendations.job_log.runs import FAILED_RUN_RETENTION, RUN_RETENTION, latest_successes
from recommendations.models.download import RETENTION as DOWNLOAD_RETENTION
from recommendations.models.review import HOLD_DURATION
from recommendations.retention import handlers
from recommendations.retention.expiry import BinnedFiles, ExpiredRows, StrayFiles, older
from recommendations.retention.permanent_rules import PERMANENT_RULES
from recommendations.retention.rule import DAY, YEAR, Rule
from recommendations.retention.sign_in_rules import SIGN_IN_RULES
from recommendations.rules import london_day

SESSION = timedelta(seconds=settings.SESSION_COOKIE_AGE)

State = models.OutboxEmail.State
Run = models.JobRun.State
_FINISHED = Q(state__in=[State.SENT, State.REFUSED, State.BOUNCED, State.EXPIRED])
_NOT_WEEKLY = Q(kind__in=[models.OutboxEmail.Kind.AT_ONCE, models.OutboxEmail.Kind.TEST])
_FAILED_RUN = Q(state__in=[Run.FAILED, Run.PARKED, Run.LOST])
_BLANK = Q(reader_name="", address="", last_error="", provider_id="")
_IN_PROGRESS = Q(state__in=[models.ImportBatch.State.CHECKING, models.ImportBatch.State.WRITING])


def _left(before: datetime) -> QuerySet[Departure]:
    """Return people who left before the instant or were removed."""
    departures = Departure.objects.filter(Q(left_at__lt=before) | Q(removed_at__isnull=False))
    return departures.values("person")  # type: ignore[return-value]


RULES = (
    Rule(
        what="Sessions, with text that you had entered when one ended",
        why="To keep you signed in for a working day.",
        of=[Session],
        lasts=SESSION,
        since="after you signed in, or until you sign out",
        expiries=[
            ExpiredRows(lambda before: Session.objects.filter(expire_date__lt=before + SESSION))
        ],
    ),
    *SIGN_IN_RULES,
    Rule(
        what="Drafts that were not submitted, and their evidence",
        why="So that you do not lose your work. We keep a draft for as long as the person who last "
        "saved it belongs to the organisation.",
        of=[models.Draft],
        lasts=YEAR,
        since="after it was last saved, if that person has left the organisation",
        expiries=[
            older(
                models.Draft,
                "saved_at",
                ~Q(
                    Exists(
                        Membership.objects.open().filter(
                            person=OuterRef("saved_by"), body=OuterRef("assignment__body")
                        )
                    )
                ),
                handler=handlers.discard_drafts,
                batch_size=50,
            )
        ],
    ),
    Rule(
        what="Evidence files that belong to no draft and no update",
        why="They are left over from interrupted uploads. They go to the bin.",
        of=[],
        lasts=DAY,
        since="after it was uploaded",
        expiries=[StrayFiles()],
    ),
    Rule(
        what="Evidence files in the bin",
        why="So that we can bring back a file that was removed by mistake.",
        of=[],
        lasts=30 * DAY,
        since="after it was removed",
        expiries=[BinnedFiles()],
    ),
    Rule(
        what="Emails: your name and address, and their content",
        why="To show what was sent, and to send it again if it did not arrive.",
        of=[models.OutboxEmail, models.EmailContent],
        lasts=YEAR,
        since="after it was created",
        expiries=[
            older(models.OutboxEmail, "created_at", _FINISHED, _NOT_WEEKLY),
            older(
                models.OutboxEmail, "created_at", _FINISHED, ~_BLANK, handler=handlers.blank_emails
            ),
            older(
                models.EmailContent,
                "made_at",
                ~Q(text="") | Q(emails=None),
                ~Q(pk__in=models.OutboxEmail.objects.exclude(_FINISHED).values("content")),
                handler=handlers.empty_contents,
            ),
        ],
    ),
    Rule(
        what="Instant alerts that were emailed to you",
        why="So that we never send an alert twice.",
        of=[models.Alert],
        lasts=YEAR,
        since="after it happened",
        expiries=[older(models.Alert, "happened_at", Q(emailed_at__isnull=False))],
    ),
    Rule(
        what="Files created for you to download",
        why="So that you can download them when they are ready.",
        of=[models.Download],
        lasts=DOWNLOAD_RETENTION,
        since="after you requested it",
        expiries=[older(models.Download, "asked_at")],
    ),
    Rule(
        what="Uploaded spreadsheets, and the result of each row",
        why="To confirm an import, and to find errors. We keep the updates, and the file's "
        "fingerprint so that no file is imported twice.",
        of=[models.ImportBatch],
        lasts=90 * DAY,
        since="after it was last changed",
        expiries=[
            older(
                models.ImportBatch,
                "moved_at",
                ~_IN_PROGRESS,
                ~Q(content=b"", results=[]),
                handler=handlers.empty_imports,
            )
        ],
    ),
    Rule(
        what="Saved views, email preferences and your last visit to the changes page",
        why="You need them for as long as you use the service.",
        of=[models.SavedView, models.EmailPreference, models.Visit],
        lasts=90 * DAY,
        since="after you left",
        expiries=[
            ExpiredRows(lambda before: models.SavedView.objects.filter(owner__in=_left(before))),
            ExpiredRows(
                lambda before: models.EmailPreference.objects.filter(reader__in=_left(before))
            ),
            ExpiredRows(lambda before: models.Visit.objects.filter(person__in=_left(before))),
        ],
    ),
    Rule(
        what="Your last absence, and who stood in for you",
        why="To answer questions about who got which email.",
        of=[models.Absence],
        lasts=90 * DAY,
        since="after its last day",
        expiries=[
            ExpiredRows(
                lambda before: models.Absence.objects.filter(until_on__lt=london_day(before))
            )
        ],
    ),
    Rule(
        what="API tokens and calendar addresses that no longer work",
        why="To find out how they were used.",
        of=[ApiToken, CalendarFeed],
        lasts=YEAR,
        since="after it was revoked or expired",
        expiries=[
            ExpiredRows(
                lambda before: ApiToken.objects.filter(
                    Q(revoked_at__lt=before) | Q(expires_at__lt=before)
                )
            ),
            older(CalendarFeed, "revoked_at"),
        ],
    ),
    Rule(
        what="Who is reviewing a claim",
        why="So that two analysts do not review the same claim.",
        of=[models.ReviewHold],
        lasts=HOLD_DURATION,
        since="after the analyst started",
        expiries=[older(models.ReviewHold, "held_at")],
    ),
    Rule(
        what="Who is to review a claim",
        why="So that analysts can share the work. We delete it when the claim is decided.",
        of=[models.ReviewAssignee],
        lasts=YEAR,
        since="after it was assigned",
        expiries=[older(models.ReviewAssignee, "assigned_at")],
    ),
    Rule(
        what="Reminders to an organisation",
        why="So that we do not send a reminder about a recommendation more than once a week.",
        of=[models.Reminder],
        lasts=YEAR,
        since="after it was sent",
        expiries=[older(models.Reminder, "reminded_at")],
    ),
    Rule(
        what="Log of the administration pages",
        why="The audit trail contains the same changes.",
        of=[LogEntry],
        lasts=YEAR,
        since="after the change",
        expiries=[older(LogEntry, "action_time")],
    ),
    Rule(
        what="Successful job runs",
        why="To check that jobs are running.",
        of=[models.JobRun],
        lasts=RUN_RETENTION,
        since="after it started",
        expiries=[
            older(
                models.JobRun,
                "started_at",
                ~_FAILED_RUN,
                ~Q(pk__in=latest_successes().values("pk")),
            )
        ],
    ),
    Rule(
        what="Failed job runs, and large deletions that were stopped",
        why="To find and fix errors.",
        of=[models.JobRun, models.StoppedDeletion],
        lasts=FAILED_RUN_RETENTION,
        since="after it started",
        expiries=[
            older(models.JobRun, "started_at", _FAILED_RUN),
            older(models.StoppedDeletion, "checked_at"),
        ],
    ),
    Rule(
        what="Names, former names and addresses of people who left",
        why="Colleagues may need to know who made a decision. After that, the name is replaced by "
        "a number everywhere.",
        of=[User, PersonName, Departure],
        lasts=2 * YEAR,
        since="after the account was closed",
        expiries=[
            older(
                Departure,
                "left_at",
                Q(removed_at=None),
                handler=handlers.remove_people,
                batch_size=1,
            )
        ],
    ),
    *PERMANENT_RULES,
)
