"""The queue of claims as a page shows it, with the filters and the order in its address."""

from forces.http import ReaderRequest
from recommendations.dashboards.reviews.queue import ClaimReviewer, Queue, read_queue
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
