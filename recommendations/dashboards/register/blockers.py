"""What blocks one recommendation: the blockers by type, and each organisation's latest update."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from recommendations import rules, wording
from recommendations.charts.table import Table
from recommendations.dashboards.visibility import Visibility
from recommendations.models import Update
from recommendations.models.answers import ANSWERS, BlockerCause
from recommendations.positions.national import NationalPosition
from recommendations.positions.positions import Position


@dataclass(frozen=True, kw_only=True)
class LatestUpdate:
    body: str
    href: str
    submitted_on: date
    status: str
    account: str
    next_steps: str
    causes: str
    blockers: str

    @property
    def has_blockers(self) -> bool:
        return bool(self.causes or self.blockers)


@dataclass(frozen=True)
class CauseCount:
    label: str
    count: int
    width: str  # of a bar of 100


@dataclass(frozen=True)
class BlockerSummary:
    sentence: str
    causes: list[CauseCount]  # the most common first
    updates: list[LatestUpdate]  # the newest first

    @property
    def updates_with_blockers(self) -> list[LatestUpdate]:
        return [update for update in self.updates if update.has_blockers]


def blocker_summary(
    national: NationalPosition, by_body: dict[int, Position], visibility: Visibility
) -> BlockerSummary:
    """Return the blockers in the latest updates of open assignments that the reader may open.

    `by_body` are the recommendation's positions by primary key. 1 query.
    """
    latest = {
        position.latest_update_id: position
        for pk, position in by_body.items()
        if position.status in rules.OPEN and visibility.includes(national.body[pk])
    }
    updates = list(
        Update.objects.filter(pk__in=[key for key in latest if key]).order_by("-submitted_at", "pk")
    )
    causes = _cause_counts(updates)
    lines = [_latest_update(update, latest[update.pk], national, visibility) for update in updates]
    return BlockerSummary(_sentence(causes, len(updates)), causes, lines)


def _cause_counts(updates: list[Update]) -> list[CauseCount]:
    counts = Counter(cause for update in updates for cause in update.blocker_causes)
    highest = max(counts.values(), default=0)
    return [
        CauseCount(str(BlockerCause(cause).label), count, f"{100 * count / highest:.1f}")
        for cause, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _sentence(causes: list[CauseCount], update_count: int) -> str:
    """Return `Funding is the most common blocker (7 of 23)`."""
    if not causes:
        return "No blockers have been reported"
    return f"{causes[0].label} is the most common blocker ({causes[0].count} of {update_count})"


def _latest_update(
    update: Update, position: Position, national: NationalPosition, visibility: Visibility
) -> LatestUpdate:
    body = national.body[position.body_id]
    return LatestUpdate(
        body=body.short_name,
        href=visibility.link(body, position.reference, past=national.past)
        + f"#update-{update.number}",
        submitted_on=rules.london_day(update.submitted_at),
        status=update.get_status_display(),
        account=update.account,
        next_steps=update.next_steps,
        causes=ANSWERS["blocker_causes"].text_of(update),
        blockers=update.blockers,
    )


def causes_table(summary: BlockerSummary) -> Table:
    return Table(
        name="causes",
        title="Blockers by type",
        head=["Blocker", "Organisations"],
        rows=[[cause.label, cause.count] for cause in summary.causes],
        notes=["Organisations still working on it whose updates you have permission to see."],
    )


def updates_sentence(updates: list[LatestUpdate]) -> str:
    return f"{wording.count(len(updates), 'update')}, newest first."
