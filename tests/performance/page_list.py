"""The pages that are timed: those that an analyst and a liaison officer open in a day."""

from datetime import date, timedelta
from urllib.parse import quote

from forces.models import User
from recommendations.actions.drafts import open_draft
from recommendations.dashboards.register.group import REGION, group_url
from recommendations.emails.digests.week import Week
from recommendations.forms.update_pages import pages_for
from recommendations.models import Assignment, Draft, Inspection, Update
from recommendations.models.assignment import AssignmentQuerySet
from recommendations.rules import OPEN, start_of_day
from tests.performance.timing import ANALYST, OFFICER, TimedPage

DASHBOARD_LIMIT = 2.5  # times the floor, like all of these
UNCHANGED_LIMIT = 1.5
SEARCH_LIMIT = 10.0
RARE_WORD, COMMON_WORD = "auditor", "review"


def dashboards(title: str, short_name: str) -> list[TimedPage]:
    """Return the stored dashboards; `title` is of a recommendation, `short_name` of a force."""
    return [
        TimedPage("overview", "/", title, DASHBOARD_LIMIT),
        TimedPage("overview, unchanged (304)", "/", limit=UNCHANGED_LIMIT),
        TimedPage("heatmap", "/heatmap/", short_name, DASHBOARD_LIMIT),
        TimedPage("heatmap, unchanged (304)", "/heatmap/", limit=UNCHANGED_LIMIT),
        TimedPage("trends", "/trends/", title),
    ]


def daily_pages(analyst: User, officer: User, *, today: date) -> list[TimedPage]:
    """Return every page that the two open in a day. Opens a draft for the pages of an update.

    The claim is the one that has waited longest.
    """
    waiting = _first_inspection().waiting_for_review().filter(body__kind="force")
    related = ("body__region", "recommendation", "latest_update")
    assignment = waiting.exclude(body__region=None).select_related(*related)[0]
    claim = assignment.latest_update
    region = assignment.body.region
    assert claim is not None
    assert region is not None
    title, body = assignment.recommendation.title, assignment.body
    updates = Update.objects.filter(assignment__in=_first_inspection())
    newest = updates.select_related("assignment__body").latest("submitted_at", "pk")
    week = Week.of(today).after
    preview = "/digests/preview/"
    return [
        *dashboards(title, body.short_name),
        TimedPage("recommendations", "/recommendations/", title),
        TimedPage("recommendation", assignment.recommendation.get_absolute_url(), title),
        TimedPage("forces", "/forces/", body.short_name),
        TimedPage("outcomes", "/outcomes/", "Lines closed"),
        TimedPage("test rounds", "/test-rounds/", "Tested claims"),
        TimedPage("figures to quote", "/quotes/", "How many recommendations are overdue?"),
        TimedPage("organisations that wait for each other", "/waiting/", "Waiting for each other"),
        TimedPage("fragmentation", "/fragmentation/", "Fragmentation"),
        TimedPage("closed lines", "/closures/", "Do lines stay closed?"),
        TimedPage("force", f"/forces/{body.slug}/", title),
        TimedPage("region", group_url(region.name, REGION, past=None), region.name),
        TimedPage("assignment", assignment.get_absolute_url(), claim.account),
        TimedPage("review queue", "/reviews/", title),
        TimedPage("claim", f"/reviews/{claim.pk}/", claim.account),
        TimedPage("changes", "/changes/", newest.assignment.body.short_name),
        TimedPage("search", f"/search/?q={COMMON_WORD}", f"for “{COMMON_WORD}”"),
        TimedPage("deadlines", "/deadlines/", "Deadlines"),
        TimedPage("digests of the week", "/digests/", "Weekly digests"),
        TimedPage("digest preview", f"{preview}{officer.pk}/?week={week}", officer.name),
        TimedPage("digest preview, the email", f"{preview}{officer.pk}/html/?week={week}", title),
        TimedPage("digest preview, national", f"{preview}{analyst.pk}/?week={week}", analyst.name),
        *_officer_pages(officer, today=today),
    ]


def _first_inspection() -> AssignmentQuerySet:
    """The assignments of the inspection whose pages have addresses without a prefix."""
    return Assignment.objects.filter(recommendation__inspection=Inspection.objects.current())


def _officer_pages(officer: User, *, today: date) -> list[TimedPage]:
    body = officer.body
    assert body is not None
    open_assignments = _first_inspection().filter(body=body, status__in=OPEN, draft=None)
    with_update = open_assignments.exclude(latest_update=None)
    assignment = with_update.select_related("recommendation", "body", "latest_update")[0]
    latest = assignment.latest_update
    assert latest is not None
    draft = open_draft(assignment=assignment, by=officer, at=start_of_day(today))
    Draft.objects.filter(pk=draft.pk).update(status="in_progress")
    path, title = assignment.get_absolute_url(), assignment.recommendation.title
    steps = pages_for("in_progress", requires_approval=False)
    return [
        TimedPage("my force (officer)", f"/forces/{body.slug}/", title, reader=OFFICER),
        TimedPage("assignment (officer)", path, latest.account, reader=OFFICER),
        TimedPage("update: start", f"{path}update/", latest.account, reader=OFFICER),
        *(
            TimedPage(f"update: {step}", f"{path}update/{step}/", body.name, reader=OFFICER)
            for step in steps
        ),
        TimedPage("update: on one page", f"{path}update/all/", latest.account, reader=OFFICER),
        TimedPage("update: check", f"{path}update/check/", latest.account, reader=OFFICER),
    ]


def long_history_pages() -> list[TimedPage]:
    """Return the pages whose time could grow with the history: the dashboards and searches."""
    forces = _first_inspection().filter(body__kind="force")
    assignment = forces.select_related("body", "recommendation")[0]
    return [
        *dashboards(assignment.recommendation.title, assignment.body.short_name),
        *searches()[:2],
    ]


def searches() -> list[TimedPage]:
    """Return searches of updates, the first two by an analyst for a rare and a common word."""
    texts = (
        ("rare word", RARE_WORD, ANALYST),
        ("common word", COMMON_WORD, ANALYST),
        ("two common words", f"{COMMON_WORD} training", ANALYST),
        ("phrase", "“next review”", ANALYST),
        ("typing error", "Norfolc", ANALYST),
        ("common word (officer)", COMMON_WORD, OFFICER),
    )
    return [
        TimedPage(
            f"search, {name}",
            f"/search/?q={quote(text)}",
            f"for “{text}”",
            SEARCH_LIMIT,
            reader,
            is_first=True,
        )
        for name, text, reader in texts
    ]


def past_pages(*, today: date) -> list[TimedPage]:
    """Return the dashboards half a year ago, which are computed from the history."""
    query = f"?as_at={today - timedelta(weeks=26)}"
    return [
        TimedPage(f"{name}, half a year ago", f"{path}{query}", "Position at", limit=None)
        for name, path in (("overview", "/"), ("heatmap", "/heatmap/"), ("trends", "/trends/"))
    ]
