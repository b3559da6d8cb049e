"""What is projected for the day on which most open recommendations are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean

from recommendations import projection, rules, wording
from recommendations.charts.table import Table
from recommendations.positions.national import NationalPosition
from recommendations.positions.outlook import Outlook, outlook
from recommendations.positions.weekly_flows import weeks_up_to
from recommendations.projection import Check, FlowWeek, Projection

HISTORY_WEEKS = 52
MORE_REVIEWERS = 2


@dataclass(frozen=True, kw_only=True)
class ProjectionContent:
    """The projection, what it assumes and how well earlier ones did."""

    title: str
    figure: str  # `188 implemented (173 to 205)`
    sentence: str
    reviews_sentence: str  # what will await review, and what more reviewers change
    record: str  # how well earlier projections did
    assumptions: list[str]
    claims: Table
    reviewers: Table
    back_test: Table

    @property
    def tables(self) -> list[Table]:
        return [self.claims, self.reviewers, self.back_test]


def national_projection(national: NationalPosition) -> ProjectionContent | None:
    """Return the projection for the forces, or None if none can be made; up to 2 queries."""
    left = outlook(national.force_positions)
    horizon = _horizon(left.due_on, on=national.on)
    if left.due_on is None or not 1 <= horizon <= projection.MAX_HORIZON_WEEKS:
        return None
    tomorrow = rules.start_of_day(national.on + timedelta(days=1))
    weeks = weeks_up_to(
        national.inspection,
        on=national.on,
        before=national.past.before if national.past else tomorrow,
        forces=[body.pk for body in national.forces],
        weeks=HISTORY_WEEKS,
        horizon=horizon,
    )
    checks = projection.back_test(weeks, horizon=horizon)
    projected = projection.project(weeks, horizon=horizon, checks=checks)
    if projected is None:
        return None
    return _content(left, left.due_on, weeks, projected, checks)


def _horizon(due_on: date | None, *, on: date) -> int:
    """Return the weeks until the due date, rounded; 0 without one."""
    return round((due_on - on).days / 7) if due_on else 0


def _content(
    left: Outlook, due_on: date, weeks: list[FlowWeek], projected: Projection, checks: list[Check]
) -> ProjectionContent:
    reviewers = len(frozenset().union(*(week.reviewers for week in projection.window(weeks)[1:])))
    more = projection.project(
        weeks,
        horizon=projected.weeks,
        checks=checks,
        capacity=(reviewers + MORE_REVIEWERS) / reviewers,
    )
    assert more is not None  # nosec B101 # as `projected` is not None
    return ProjectionContent(
        title=f"Projection for {wording.day(due_on)}",
        figure=f"{projected.done:,} implemented ({projected.low:,} to {projected.high:,})",
        sentence=(
            f"By {wording.day(due_on)}, between {projected.low:,} and {projected.high:,} of "
            f"{left.total:,} are projected to be implemented, most likely {projected.done:,}."
        ),
        reviews_sentence=(
            f"{wording.count(sum(projected.claims), 'claim')} "
            f"{'is' if sum(projected.claims) == 1 else 'are'} expected before then. On that day, "
            f"{projected.waiting:,} would be awaiting review, {projected.late:,} of them for more "
            f"than ten working days. With two more reviewers: {more.done:,} implemented, "
            f"{more.waiting:,} awaiting review, {more.late:,} of them late."
        ),
        record=_record(checks),
        assumptions=_assumptions(weeks, projected, reviewers),
        claims=_claims_table(projected),
        reviewers=_reviewers_table(reviewers, projected, more),
        back_test=_back_test_table(checks),
    )


def _record(checks: Sequence[Check]) -> str:
    if not checks:
        return "No earlier projection can be checked yet."
    held = sum(check.was_in_range for check in checks)
    error = round(mean(check.error for check in checks))
    bias = f"{abs(error):,} too {'high' if error > 0 else 'low'}" if error else "neither way off"
    return (
        f"The number implemented was in the range of {held:,} of "
        f"{wording.count(len(checks), 'earlier projection')} ({100 * held // len(checks)}%; the "
        f"aim is {projection.RANGE_PER_CENT}%). On average they were {bias}."
    )


def _assumptions(weeks: list[FlowWeek], projected: Projection, reviewers: int) -> list[str]:
    recent = projection.window(weeks)
    foretold, others = sum(w.foretold for w in recent[:-1]), sum(w.others for w in recent[:-1])
    foretold_claims = sum(week.foretold_claims for week in recent[1:])
    other_claims = sum(week.other_claims for week in recent[1:])
    reviews, accepted = sum(w.reviews for w in recent[1:]), sum(w.accepted for w in recent[1:])
    per_week = reviews / projection.WINDOW_WEEKS
    return [
        (
            f"Each of the next {wording.count(projected.weeks, 'week')} is like one of the last "
            f"{projection.WINDOW_WEEKS}, chosen at random {projection.RUNS} times with the fixed "
            f"seed {projection.SEED}. The time to the due date is "
            "rounded to whole weeks. A rush before it is not assumed."
        ),
        (
            f"In a week, forces claimed {_percent(foretold_claims, foretold)} of the open "
            "recommendations that they forecast for the due date or earlier, and "
            f"{_percent(other_claims, others)} of the other open ones."
        ),
        (
            f"{wording.count(reviewers, 'analyst')} reviewed {per_week:.0f} claims a week in all, "
            f"in the order in which they came, and accepted {_percent(accepted, reviews)}. The "
            "others are open again. Two more reviewers would each review as many as one of them."
        ),
        (
            "The most likely number is the median. The range leaves out a tenth at each end, and "
            f"covers the errors of the last {projection.CHECKS} earlier projections, too. Late "
            f"means waiting for more than {projection.LATE_WEEKS} weeks; bank holidays are not "
            "counted."
        ),
    ]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "none"


def _claims_table(projected: Projection) -> Table:
    return Table(
        name="expected-claims",
        title="Claims expected, by week",
        head=["Week up to", "Claims expected"],
        rows=[
            [projected.on + timedelta(weeks=number), claims]
            for number, claims in enumerate(projected.claims, start=1)
        ],
    )


def _reviewers_table(reviewers: int, now: Projection, more: Projection) -> Table:
    return Table(
        name="reviewers",
        title="What two more reviewers change",
        head=["Reviewers", "Implemented", "From", "To", "Awaiting review", "Late"],
        rows=[
            [f"{number:,}{words}", p.done, p.low, p.high, p.waiting, p.late]
            for number, words, p in (
                (reviewers, ", as now", now),
                (reviewers + MORE_REVIEWERS, "", more),
            )
        ],
    )


def _back_test_table(checks: Sequence[Check]) -> Table:
    return Table(
        name="back-test",
        title="Earlier projections and what was implemented",
        head=["Projected on", "For", "Most likely", "From", "To", "Implemented", "In the range"],
        rows=[
            [
                *(check.projection.on, check.known_on, check.projection.done),
                *(check.projection.low, check.projection.high, check.actual),
                "Yes" if check.was_in_range else "No",
            ]
            for check in checks
        ],
    )
