"""The queue of claims as a list: heads that sort, counts of each recommendation, and filters."""

from collections import Counter
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.urls import reverse

from recommendations import wording
from recommendations.dashboards.filters import Select, select
from recommendations.dashboards.reviews.queue import AWAY, Queue
from recommendations.dashboards.reviews.waiting_claims import WaitingClaim
from recommendations.dashboards.sorting import Column, SortHead, sort_heads
from recommendations.references import reference_key

COLUMNS = (
    Column("Organisation", "organisation"),
    Column("No.", "number"),
    Column("Recommendation"),
    Column("Claimed#", "claimed"),
    Column("Review due#"),
    Column("Working days#", "late"),
    Column("Files#", "files"),
    Column("Claim"),
    Column("Reviewer"),
)
NARROW_COLUMNS = (
    Column("Organisation", "organisation"),
    Column("No.", "number"),
    Column("Claimed#", "claimed"),
    Column("Late#", "late"),
    Column("Note"),
)
WIDTHS = ("184", "52", "", "76", "96", "122", "52", "96", "240")
NARROW_WIDTHS = ("", "44", "68", "52", "96")


@dataclass(frozen=True)
class Segment:
    """The count of claims on one recommendation, and the link that shows only these."""

    text: str
    number: int
    href: str
    is_current: bool


def heads(columns: tuple[Column, ...], queue: Queue, *, parameters: QueryDict) -> list[SortHead]:
    """Return the heads of the list; they keep the filters."""
    return sort_heads(columns, query=parameters, current=queue.query.sort)


def segments(queue: Queue) -> list[Segment]:
    """Return the counts of each recommendation, with the other filters as they are."""
    query = replace(queue.query, recommendation="")
    claims = [claim for claim in queue.waiting if query.matches(claim, reader=queue.reader)]
    counts = Counter(claim.reference for claim in claims)
    chosen = queue.query.recommendation
    if chosen:
        counts.setdefault(chosen, 0)
    url = reverse("reviews")
    return [
        Segment("All", len(claims), url + query.address, not chosen),
        *(
            Segment(
                f"R{reference}",
                count,
                url + replace(query, recommendation=reference).address,
                chosen == reference,
            )
            for reference, count in sorted(counts.items(), key=lambda item: reference_key(item[0]))
        ),
    ]


def filter_fields(queue: Queue) -> list[Select]:
    """Return the select fields of the filters; their options are what waits."""
    query = queue.query
    forces = sorted({(claim.short_name, claim.body_slug) for claim in queue.waiting})
    return [
        select(
            *("force", "Force", "All", [(slug, name) for name, slug in forces]),
            chosen=query.force,
        ),
        select("late", "Review", "Any", [("1", "Late")], chosen="1" if query.is_late else ""),
        select(
            *("mine", "Reviewer", "Anyone", [("1", "Me"), (AWAY, "Away")]),
            chosen="1" if query.is_mine else AWAY if query.is_away else "",
        ),
    ]


def queue_sentence(claims: list[WaitingClaim]) -> str:
    """`12 claims waiting. 2 have waited more than 10 working days.`"""
    late = sum(claim.is_review_late for claim in claims)
    verb = "has" if late == 1 else "have"
    waiting = f"{wording.count(len(claims), 'claim')} waiting"
    return f"{waiting}. {f'{late:,}' if late else 'None'} {verb} waited more than 10 working days."


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """The addresses of the claims before and after one in the list; empty at its ends."""

    before: str
    after: str


def neighbours(queue: Queue, update_id: int) -> Neighbours:
    claims = queue.matching
    place = next(
        (number for number, claim in enumerate(claims) if claim.update_id == update_id), None
    )
    if place is None:
        return Neighbours(before="", after="")
    address = queue.query.address
    return Neighbours(
        before=claims[place - 1].review_url + address if place else "",
        after=claims[place + 1].review_url + address if place + 1 < len(claims) else "",
    )


def page_of(queue: Queue, update_id: int, *, size: int) -> int:
    """Return the number of the page of the list that holds a claim, from 1; 1 if none does."""
    keys = [claim.update_id for claim in queue.matching]
    return keys.index(update_id) // size + 1 if update_id in keys else 1
