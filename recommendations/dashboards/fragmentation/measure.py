"""How fragmented the work is: four measures, each defined once, on any day from recorded rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from recommendations.dashboards.body_requests.rows import RequestRow
from recommendations.request_rules import ANSWER_WORKING_DAYS, Kind
from recommendations.rules import is_after_due


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A measure: its name in addresses and files, its title and its formula in words."""

    name: str
    title: str
    formula: str


ANSWERED = Definition(
    name="answered-in-time",
    title=f"Requests across borders answered within {ANSWER_WORKING_DAYS} working days",
    formula="Requests of a force to another force whose tenth working day has passed, and that "
    "were accepted, declined, disputed or done by then ÷ all requests of a force to another force "
    "whose tenth working day has passed. Requests that were cancelled by then, without an answer, "
    "are left out.",
)
WAITING = Definition(
    name="assignments-waiting",
    title="Open recommendations that wait for another organisation",
    formula="Open assignments of forces and national organisations with at least one request on "
    "which it is the turn of the organisation that is asked ÷ all open assignments. Open is not "
    "started or in progress.",
)
MEDIAN = Definition(
    name="median-waiting-days",
    title="Median days that they have waited",
    formula="Of each assignment that waits, the most calendar days that one of its requests has "
    "waited; the middle one of these numbers.",
)
JOINT = Definition(
    name="forces-in-joint-actions",
    title="Forces in at least one live joint action",
    formula="Forces that own, or take part in, at least one joint action that is neither accepted "
    "nor cancelled ÷ all forces that exist on the day and were asked for something by then.",
)
MEASURES = (ANSWERED, WAITING, MEDIAN, JOINT)


@dataclass(frozen=True)
class Share:
    count: int
    total: int

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded half up; None if there is nothing to count."""
        return (200 * self.count + self.total) // (2 * self.total) if self.total else None


@dataclass(frozen=True, kw_only=True)
class Fragmentation:
    """The measures at the end of a London day."""

    on: date
    answered: Share
    waiting: Share
    median_days: float | None
    joint: Share


def fragmentation(
    requests: Iterable[RequestRow],
    *,
    on: date,
    forces: Collection[int],
    open_assignments: Collection[int],
    open_count: int,
    joint: Share,
) -> Fragmentation:
    """Return the measures of requests as they were on a day.

    `forces` are the keys of forces. `open_assignments` has at least those open assignments that
    wait; `open_count` is the number of all. `joint` is from `forces_in_joint_actions`.
    """
    rows = list(requests)
    longest: dict[int, int] = {}
    for row in rows:
        if row.is_waiting and row.assignment_id in open_assignments:
            longest[row.assignment_id] = max(row.days, longest.get(row.assignment_id, 0))
    return Fragmentation(
        on=on,
        answered=answered_in_time(across_borders(rows, forces)),
        waiting=Share(len(longest), open_count),
        median_days=median(longest.values()) if longest else None,
        joint=joint,
    )


def forces_in_joint_actions(live: Iterable[frozenset[int]], forces: frozenset[int]) -> Share:
    """Return the share of the forces that are in at least one live joint action.

    `live` has the keys of the organisations of each joint action that is live on the day, and
    `forces` those of the forces that exist and were asked for something by then.
    """
    return Share(len(frozenset().union(*live) & forces), len(forces))


def across_borders(rows: Iterable[RequestRow], forces: Collection[int]) -> list[RequestRow]:
    """Return the requests of a force to another force."""
    return [row for row in rows if row.asker_id in forces and row.asked_id in forces]


def answered_in_time(rows: Iterable[RequestRow]) -> Share:
    """Return how many of the requests that count were answered in time."""
    counted = [row for row in rows if _counts(row)]
    return Share(sum(row.state.is_answered_in_time for row in counted), len(counted))


def _counts(row: RequestRow) -> bool:
    state = row.state
    if not is_after_due(state.answer_due_on, on=row.on):
        return False
    is_cancelled = state.last == Kind.CANCELLED and state.answered_on is None
    return not (is_cancelled and state.turn_since <= state.answer_due_on)


def by_region_pair(
    rows: Iterable[RequestRow], regions: Mapping[int, str]
) -> dict[tuple[str, str], Share]:
    """Return the share of each pair (region that asks, region that is asked) with a request.

    `regions` are those of the forces.
    """
    pairs: dict[tuple[str, str], list[RequestRow]] = {}
    for row in across_borders(rows, regions):
        pairs.setdefault((regions[row.asker_id], regions[row.asked_id]), []).append(row)
    shares = {pair: answered_in_time(members) for pair, members in pairs.items()}
    return {pair: share for pair, share in shares.items() if share.total}


def silent_pairs(shares: Mapping[tuple[str, str], Share]) -> Sequence[tuple[str, str]]:
    """Return the pairs in which nothing was answered in time, most requests first."""
    silent = [pair for pair, share in shares.items() if not share.count]
    return sorted(silent, key=lambda pair: (-shares[pair].total, pair))
