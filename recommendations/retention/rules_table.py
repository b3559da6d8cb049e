"""All retention rules, for the job, its dry run and the privacy page.

A test checks all models: one without a rule fails it (docs/decisions/0019).
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import F, Q, QuerySet

from forces.models import (
    ApiToken,
    CalendarFeed,
    Departure,
    User,
)
from recommendations.job_log.runs import FAILED_RUN_RETENTION, RUN_RETENTION, latest_successes
from recommendations.models import (
    Alert,
    Download,
    Draft,
    EmailContent,
    EmailPreference,
    ImportBatch,
    JobRun,
    OutboxEmail,
    ReviewHold,
    SavedView,
    Visit,
)
from recommendations.models.download import RETENTION as DOWNLOAD_RETENTION
from recommendations.models.review_hold import HOLD_DURATION
from recommendations.retention import handlers
from recommendations.retention.expiry import ExpiredRows, StrayFiles
from recommendations.retention.permanent_rules import PERMANENT_RULES
from recommendations.retention.rule import DAY, YEAR, Rule
from recommendations.retention.sign_in_rules import SIGN_IN_RULES

SESSION = timedelta(seconds=settings.SESSION_COOKIE_AGE)

EmailState = OutboxEmail.State
_FINISHED = Q(
    state__in=[EmailState.SENT, EmailState.REFUSED, EmailState.BOUNCED, EmailState.EXPIRED]
)
_NOT_WEEKLY = Q(kind__in=[OutboxEmail.Kind.AT_ONCE, OutboxEmail.Kind.TEST])
_FAILED_RUN = Q(state__in=[JobRun.State.FAILED, JobRun.State.PARKED, JobRun.State.LOST])
_IN_PROGRESS = Q(state__in=[ImportBatch.State.CHECKING, ImportBatch.State.WRITING])


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
        of=[Draft],
        lasts=YEAR,
        since="after it was last saved, if that person has left the organisation",
        expiries=[
            ExpiredRows(
                lambda before: Draft.objects.filter(saved_at__lt=before).exclude(
                    saved_by__is_active=True, saved_by__body=F("assignment__body")
                ),
                handler=handlers.discard_drafts,
                batch_size=50,
            )
        ],
    ),
    Rule(
        what="Evidence files that belong to no draft and no update",
        why="They are left over from interrupted uploads.",
        of=[],
        lasts=DAY,
        since="after it was uploaded",
        expiries=[StrayFiles()],
    ),
    Rule(
        what="Emails: your name and address, and their content",
        why="To show what was sent, and to send it again if it did not arrive.",
        of=[OutboxEmail, EmailContent],
        lasts=YEAR,
        since="after it was created",
        expiries=[
            ExpiredRows(
                lambda before: OutboxEmail.objects.filter(
                    _FINISHED, _NOT_WEEKLY, created_at__lt=before
                )
            ),
            ExpiredRows(
                lambda before: OutboxEmail.objects.filter(_FINISHED, created_at__lt=before).exclude(
                    reader_name="", address="", last_error="", provider_id=""
                ),
                handler=handlers.blank_emails,
            ),
            ExpiredRows(
                lambda before: (
                    EmailContent.objects.filter(made_at__lt=before)
                    .filter(~Q(text="") | Q(emails=None))
                    .exclude(pk__in=OutboxEmail.objects.exclude(_FINISHED).values("content"))
                ),
                handler=handlers.empty_contents,
            ),
        ],
    ),
    Rule(
        what="Instant alerts that were emailed to you",
        why="So that we never send an alert twice.",
        of=[Alert],
        lasts=YEAR,
        since="after it happened",
        expiries=[
            ExpiredRows(
                lambda before: Alert.objects.filter(
                    happened_at__lt=before, emailed_at__isnull=False
                )
            )
        ],
    ),
    Rule(
        what="Files created for you to download",
        why="So that you can download them when they are ready.",
        of=[Download],
        lasts=DOWNLOAD_RETENTION,
        since="after you requested it",
        expiries=[ExpiredRows(lambda before: Download.objects.filter(asked_at__lt=before))],
    ),
    Rule(
        what="Uploaded spreadsheets, and the result of each row",
        why="To confirm an import, and to find errors. We keep the updates, and the file's "
        "fingerprint so that no file is imported twice.",
        of=[ImportBatch],
        lasts=90 * DAY,
        since="after it was last changed",
        expiries=[
            ExpiredRows(
                lambda before: (
                    ImportBatch.objects.filter(moved_at__lt=before)
                    .exclude(_IN_PROGRESS)
                    .exclude(content=b"", results=[])
                ),
                handler=handlers.empty_imports,
            )
        ],
    ),
    Rule(
        what="Saved views, email preferences and your last visit to the changes page",
        why="You need them for as long as you use the service.",
        of=[SavedView, EmailPreference, Visit],
        lasts=90 * DAY,
        since="after you left",
        expiries=[
            ExpiredRows(lambda before: SavedView.objects.filter(owner__in=_left(before))),
            ExpiredRows(lambda before: EmailPreference.objects.filter(reader__in=_left(before))),
            ExpiredRows(lambda before: Visit.objects.filter(person__in=_left(before))),
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
            ExpiredRows(lambda before: CalendarFeed.objects.filter(revoked_at__lt=before)),
        ],
    ),
    Rule(
        what="Who is reviewing a claim",
        why="So that two analysts do not review the same claim.",
        of=[ReviewHold],
        lasts=HOLD_DURATION,
        since="after the analyst started",
        expiries=[ExpiredRows(lambda before: ReviewHold.objects.filter(held_at__lt=before))],
    ),
    Rule(
        what="Log of the administration pages",
        why="The audit trail contains the same changes.",
        of=[LogEntry],
        lasts=YEAR,
        since="after the change",
        expiries=[ExpiredRows(lambda before: LogEntry.objects.filter(action_time__lt=before))],
    ),
    Rule(
        what="Successful job runs",
        why="To check that jobs are running.",
        of=[JobRun],
        lasts=RUN_RETENTION,
        since="after it started",
        expiries=[
            ExpiredRows(
                lambda before: (
                    JobRun.objects.filter(started_at__lt=before)
                    .exclude(_FAILED_RUN)
                    .exclude(pk__in=latest_successes().values("pk"))
                )
            )
        ],
    ),
    Rule(
        what="Failed job runs",
        why="To find and fix errors.",
        of=[JobRun],
        lasts=FAILED_RUN_RETENTION,
        since="after it started",
        expiries=[
            ExpiredRows(lambda before: JobRun.objects.filter(_FAILED_RUN, started_at__lt=before))
        ],
    ),
    Rule(
        what="Names and addresses of people who left",
        why="Colleagues may need to know who made a decision. After that, the name is replaced by "
        "a number everywhere.",
        of=[User, Departure],
        lasts=2 * YEAR,
        since="after the account was closed",
        expiries=[
            ExpiredRows(
                lambda before: Departure.objects.filter(left_at__lt=before, removed_at=None),
                handler=handlers.remove_people,
                batch_size=1,
            )
        ],
    ),
    *PERMANENT_RULES,
)
