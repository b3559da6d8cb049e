"""What each process keeps by the inspection's revision."""

from django.core.cache import caches

from recommendations.dashboards.snapshots import stored_content
from recommendations.dashboards.waiting_counts import counts_at_revision
from recommendations.emails.digests.ledger import content_at_revision
from recommendations.exports.email_chart import trend_at_revision


def empty_process_caches() -> None:
    """Forget it, as after a change, or in a process that has just started."""
    stored_content.cache_clear()
    counts_at_revision.cache_clear()
    content_at_revision.cache_clear()
    trend_at_revision.cache_clear()
    caches["page_content"].clear()
