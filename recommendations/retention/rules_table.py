"""The rules, each once: the job, its dry run and the privacy page read them here.

A test walks all models: one that no rule covers fails it (docs/decisions/0019).
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import F, Q, QuerySet

from forces.models import (
    ApiToken,
    AuditEvent,
    Body,
    CalendarFeed,
    Departure,
    Region,
    Rocu,
    User,
)
from recommendations.job_log.runs import RUN_RETENTION as RUNS_KEPT
from recommendations.job_log.runs import UNHAPPY_KEPT, latest_done
from recommendations.models import (
    Assignment,
    Digest,
    DigestWeek,
    Download,
    Draft,
    DueDateChange,
    DueDateDecision,
    DueDateRequest,
    Evidence,
    FlagEpisode,
    ImportBatch,
    Inspection,
    JobRun,
    MailChoice,
    MailContent,
    News,
    OutboxMail,
    Question,
    Recommendation,
    Reply,
    Review,
    ReviewCorrection,
    ReviewHold,
    SavedView,
    Snapshot,
    Update,
    Visit,
    Withdrawal,
)
from recommendations.models.download import KEPT as DOWNLOADS_KEPT
from recommendations.models.review_hold import HOLD_LASTS
from recommendations.retention import handlers
from recommendations.retention.expiry import Rows, StrayFiles
from recommendations.retention.rule import DAY, YEAR, Rule
from recommendations.retention.sign_in_rules import KEYS

SESSION = timedelta(seconds=settings.SESSION_COOKIE_AGE)

Mail = OutboxMail.State
_FINISHED = Q(state__in=[Mail.SENT, Mail.REFUSED, Mail.BOUNCED, Mail.EXPIRED])
_FURTHER = Q(kind__in=[OutboxMail.Kind.AT_ONCE, OutboxMail.Kind.TEST])
_UNHAPPY = Q(state__in=[JobRun.State.FAILED, JobRun.State.PARKED, JobRun.State.LOST])
_AT_WORK = Q(state__in=[ImportBatch.State.CHECKING, ImportBatch.State.WRITING])


def _left(before: datetime) -> QuerySet[Departure]:
    """Who left before the instant, and who was removed (a mail under way may still note them)."""
    gone = Departure.objects.filter(Q(left_at__lt=before) | Q(removed_at__isnull=False))
    return gone.values("person")  # type: ignore[return-value]


RULES = (
    Rule(
        what="Sessions, with text that was typed when one ended",
        why="To keep you signed in for a working day.",
        of=[Session],
        lasts=SESSION,
        since="after you signed in, or until you sign out",
        lapsing=[Rows(lambda before: Session.objects.filter(expire_date__lt=before + SESSION))],
    ),
    *KEYS,
    Rule(
        what="Drafts that were not submitted, with their evidence",
        why="Nobody loses what they typed. A draft stays while whoever saved it last belongs to "
        "the body, however long that is.",
        of=[Draft],
        lasts=YEAR,
        since="after it was last saved, and only where who saved it has left the body",
        lapsing=[
            Rows(
                lambda before: Draft.objects.filter(saved_at__lt=before).exclude(
                    saved_by__is_active=True, saved_by__body=F("assignment__body")
                ),
                deed=handlers.discard_drafts,
                most=50,
            )
        ],
    ),
    Rule(
        what="Evidence files that belong to no draft and no update",
        why="An upload was broken off.",
        of=[],
        lasts=DAY,
        since="after it was written",
        lapsing=[StrayFiles()],
    ),
    Rule(
        what="Mails: your name and address on them, and what they said",
        why="To show what somebody was told, and to send it again where it did not arrive.",
        of=[OutboxMail, MailContent],
        lasts=YEAR,
        since="after it was made",
        lapsing=[
            Rows(
                lambda before: OutboxMail.objects.filter(_FINISHED, _FURTHER, created_at__lt=before)
            ),
            Rows(
                lambda before: OutboxMail.objects.filter(_FINISHED, created_at__lt=before).exclude(
                    reader_name="", address="", last_error="", provider_id=""
                ),
                deed=handlers.blank_mails,
            ),
            Rows(
                lambda before: (
                    MailContent.objects.filter(made_at__lt=before)
                    .filter(~Q(text="") | Q(mails=None))
                    .exclude(pk__in=OutboxMail.objects.exclude(_FINISHED).values("content"))
                ),
                deed=handlers.empty_contents,
            ),
        ],
    ),
    Rule(
        what="News that was mailed to you at once",
        why="To tell each thing only once.",
        of=[News],
        lasts=YEAR,
        since="after it happened",
        lapsing=[
            Rows(lambda before: News.objects.filter(happened_at__lt=before, told_at__isnull=False))
        ],
    ),
    Rule(
        what="Files made for you to take away",
        why="To fetch them once they are ready.",
        of=[Download],
        lasts=DOWNLOADS_KEPT,
        since="after you asked for it",
        lapsing=[Rows(lambda before: Download.objects.filter(asked_at__lt=before))],
    ),
    Rule(
        what="Spreadsheets that were uploaded, and what each row did",
        why="To confirm an import, and to find out what went wrong. The updates stay; so does the "
        "file's fingerprint, so that no file is imported twice.",
        of=[ImportBatch],
        lasts=90 * DAY,
        since="after it was last worked on",
        lapsing=[
            Rows(
                lambda before: (
                    ImportBatch.objects.filter(moved_at__lt=before)
                    .exclude(_AT_WORK)
                    .exclude(content=b"", results=[])
                ),
                deed=handlers.empty_imports,
            )
        ],
    ),
    Rule(
        what="Saved views, choices of mail and the last look at the changes",
        why="They are there for as long as you use the service.",
        of=[SavedView, MailChoice, Visit],
        lasts=90 * DAY,
        since="after you left",
        lapsing=[
            Rows(lambda before: SavedView.objects.filter(owner__in=_left(before))),
            Rows(lambda before: MailChoice.objects.filter(reader__in=_left(before))),
            Rows(lambda before: Visit.objects.filter(person__in=_left(before))),
        ],
    ),
    Rule(
        what="API tokens and calendar addresses that no longer work",
        why="To find out what was done with one.",
        of=[ApiToken, CalendarFeed],
        lasts=YEAR,
        since="after it was revoked or ran out",
        lapsing=[
            Rows(
                lambda before: ApiToken.objects.filter(
                    Q(revoked_at__lt=before) | Q(expires_at__lt=before)
                )
            ),
            Rows(lambda before: CalendarFeed.objects.filter(revoked_at__lt=before)),
        ],
    ),
    Rule(
        what="Who is reviewing a claim",
        why="So that two do not review the same.",
        of=[ReviewHold],
        lasts=HOLD_LASTS,
        since="after the analyst took it",
        lapsing=[Rows(lambda before: ReviewHold.objects.filter(held_at__lt=before))],
    ),
    Rule(
        what="Django's own log of the administration",
        why="The audit trail says the same.",
        of=[LogEntry],
        lasts=YEAR,
        since="after the change",
        lapsing=[Rows(lambda before: LogEntry.objects.filter(action_time__lt=before))],
    ),
    Rule(
        what="Runs of jobs that went well",
        why="To see whether the jobs run.",
        of=[JobRun],
        lasts=RUNS_KEPT,
        since="after it began",
        lapsing=[
            Rows(
                lambda before: (
                    JobRun.objects.filter(started_at__lt=before)
                    .exclude(_UNHAPPY)
                    .exclude(pk__in=latest_done().values("pk"))
                )
            )
        ],
    ),
    Rule(
        what="Runs of jobs that failed",
        why="To mend what was wrong.",
        of=[JobRun],
        lasts=UNHAPPY_KEPT,
        since="after it began",
        lapsing=[Rows(lambda before: JobRun.objects.filter(_UNHAPPY, started_at__lt=before))],
    ),
    Rule(
        what="Names and addresses of people who left",
        why="Colleagues may have to ask who decided something. After that a number stands for the "
        "name wherever it was.",
        of=[User, Departure],
        lasts=2 * YEAR,
        since="after the account was closed",
        lapsing=[
            Rows(
                lambda before: Departure.objects.filter(left_at__lt=before, removed_at=None),
                deed=handlers.remove_people,
                most=1,
            )
        ],
    ),
    Rule(
        what="That a week's digest was decided for you, and sent",
        why="So that no week is ever sent twice. It holds no words, no name and no address.",
        of=[Digest, DigestWeek],
    ),
    Rule(
        what="Updates, evidence, reviews, questions, due dates and flags",
        why="They are the record of how the recommendations were put into practice. The database "
        "itself refuses to change or delete them.",
        of=[
            *(Update, Evidence, Review, ReviewCorrection, Question, Reply, Withdrawal),
            *(DueDateRequest, DueDateDecision, DueDateChange, FlagEpisode),
        ],
    ),
    Rule(
        what="The audit trail",
        why="It shows who did what. It names people by number, so it stays whole when a person is "
        "removed.",
        of=[AuditEvent],
    ),
    Rule(
        what="The register: bodies, recommendations, and how each stands",
        why="It is what the service is about, and names nobody.",
        of=[Body, Region, Rocu, Inspection, Recommendation, Assignment, Snapshot],
    ),
)
