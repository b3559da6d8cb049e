"""What stands in the way of one recommendation: by cause, and in each body's words."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from recommendations import rules, wording
from recommendations.charts.table import Table
from recommendations.dashboards.visibility import Papers
from recommendations.models import Update
from recommendations.models.answers import ANSWERS, BlockerCause
from recommendations.positions.national import Picture
from recommendations.positions.positions import Position


@dataclass(frozen=True, kw_only=True)
class Account:
    """What a body said last."""

    body: str
    href: str
    sent_on: date
    status: str
    account: str
    next_steps: str
    causes: str
    blockers: str

    @property
    def has_obstacle(self) -> bool:
        return bool(self.causes or self.blockers)


@dataclass(frozen=True)
class Cause:
    label: str
    count: int
    width: str  # of a bar of 100


@dataclass(frozen=True)
class Obstacles:
    sentence: str
    causes: list[Cause]  # the most frequent first
    accounts: list[Account]  # the newest first

    @property
    def told(self) -> list[Account]:
        return [each for each in self.accounts if each.has_obstacle]


def obstacles(picture: Picture, of_bodies: dict[int, Position], papers: Papers) -> Obstacles:
    """Of the latest updates of the open assignments whose papers the reader may see; one query."""
    latest = [
        position.latest_update_id
        for pk, position in of_bodies.items()
        if position.status in rules.OPEN and papers.include(picture.body[pk])
    ]
    updates = list(
        Update.objects.filter(pk__in=[pk for pk in latest if pk])
        .select_related("assignment__body", "assignment__recommendation")
        .order_by("-submitted_at", "pk")
    )
    causes = _causes(updates)
    return Obstacles(_sentence(causes, updates), causes, [_account(each) for each in updates])


def _causes(updates: list[Update]) -> list[Cause]:
    counts = Counter(cause for update in updates for cause in update.blocker_causes)
    most = max(counts.values(), default=0)
    return [
        Cause(str(BlockerCause(cause).label), count, f"{100 * count / most:.1f}")
        for cause, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def _sentence(causes: list[Cause], updates: list[Update]) -> str:
    """`Funding is named most: by 7 of the 23 bodies that still work on it`."""
    if not causes:
        return "No cause of delay is named"
    first = causes[0]
    bodies = "body that still works" if len(updates) == 1 else "bodies that still work"
    return f"{first.label} is named most: by {first.count} of {len(updates)} {bodies} on it"


def _account(update: Update) -> Account:
    assignment = update.assignment
    address = reverse("assignment", args=[assignment.body.slug, assignment.recommendation.number])
    return Account(
        body=assignment.body.short_name,
        href=f"{address}#update-{update.number}",
        sent_on=rules.london_day(update.submitted_at),
        status=update.get_status_display(),
        account=update.account,
        next_steps=update.next_steps,
        causes=ANSWERS["blocker_causes"].text_of(update),
        blockers=update.blockers,
    )


def causes_table(found: Obstacles) -> Table:
    return Table(
        name="causes",
        title="What stands in the way, by cause",
        head=["In the way", "Bodies"],
        rows=[[cause.label, cause.count] for cause in found.causes],
        notes=["Of the bodies whose papers the asker may read and that still work on it."],
    )


def accounts_sentence(accounts: list[Account]) -> str:
    return f"{wording.count(len(accounts), 'account')}, the newest first."
