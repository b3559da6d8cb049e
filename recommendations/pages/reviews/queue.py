"""The queue of claims as a page shows it, with the filters and the order in its address."""

from forces.http import ReaderRequest
from recommendations.dashboards.parameters import MAX_QUOTED_LENGTH, parse_choice
from recommendations.dashboards.reviews.queue import AWAY, Queue, read_queue
from recommendations.dashboards.reviews.waiting_claims import ClaimReviewer
from recommendations.models import Inspection


def queue_of(
    request: ReaderRequest,
    inspection: Inspection | None,
    reviewers: list[ClaimReviewer] | None = None,
) -> Queue:
    """Return the queue; 2 queries, or 1 with `reviewers`, those of `reviewers_of_claims`."""
    return read_queue(
        inspection,
        values=request.GET,
        reader=request.user,
        at=request.now,
        reviewers=reviewers,
    )


def ignored_filters(request: ReaderRequest, queue: Queue) -> list[str]:
    """Return a note for each filter in the address that the queue does not use."""
    notes: list[str] = []
    used = {"force": queue.query.force, "recommendation": queue.query.recommendation}
    for name, value in used.items():
        text = request.GET.get(name, "").replace("\x00", "").strip()
        if text and not value:
            notes.append(f"No claim of “{text[:MAX_QUOTED_LENGTH]}” is waiting, so all are shown.")
    for name, choices in (("late", {"1"}), ("mine", {"1", AWAY})):
        parse_choice(request.GET.get(name, ""), choices, noun="choice", notes=notes)
    return notes
