"""What forces were asked to do at a past time, from the audit events of later corrections."""

from collections.abc import Iterable

from forces.models import AuditEvent
from recommendations.models import Recommendation
from recommendations.positions.past_time import AsAt

_ASK = ("force_ask", "force_done_when")
_ACTS = ("recommendation amended", "recommendation reloaded")


def set_asks_of(past: AsAt, recommendations: Iterable[Recommendation]) -> None:
    """Give each recommendation, which is not to be saved, the ask of that time; 1 query."""
    by_id = {str(recommendation.pk): recommendation for recommendation in recommendations}
    events = AuditEvent.objects.filter(
        act__in=_ACTS,
        subject_type="recommendation",
        subject_id__in=by_id,
        at__gte=past.before,
        details__changes__has_any_keys=_ASK,
    )
    for subject_id, changes in events.order_by("-position").values_list(
        "subject_id", "details__changes"
    ):
        for name in _ASK:
            if name in changes:
                setattr(by_id[subject_id], name, changes[name]["from"])
