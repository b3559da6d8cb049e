"""The measures of fragmentation in the API: one row for the end of each month, and of the day."""

from datetime import date

from ninja import Field, Schema

from recommendations.api.parameters import PositionParameters
from recommendations.api.querysets import ApiQuery, FetchRows
from recommendations.dashboards.fragmentation.history import days_to, fragmentation_on
from recommendations.dashboards.fragmentation.measure import ANSWERED, JOINT, MEDIAN, WAITING


class FragmentationItem(Schema):
    """The measures at the end of one London day; the last row is of the day of the position."""

    on: date
    answered_in_time: int = Field(description=f"{ANSWERED.title}. {ANSWERED.formula}")
    answers_due: int
    assignments_waiting: int = Field(description=f"{WAITING.title}. {WAITING.formula}")
    assignments_open: int
    median_waiting_days: float | None = Field(description=f"{MEDIAN.title}. {MEDIAN.formula}")
    forces_in_joint_actions: int = Field(description=f"{JOINT.title}. {JOINT.formula}")
    forces_asked: int


def fragmentation(query: ApiQuery, parameters: PositionParameters) -> FetchRows:
    """Return the measures now, or at the past time of the query."""
    days = days_to(query.on, first=query.inspection.published_on)

    def fetch(after: int, limit: int) -> list[tuple[int, Schema]]:
        chosen = days[after : after + limit]
        found = fragmentation_on(query.inspection, chosen, past=query.as_at) if chosen else []
        return [
            (
                number,
                FragmentationItem(
                    on=item.on,
                    answered_in_time=item.answered.count,
                    answers_due=item.answered.total,
                    assignments_waiting=item.waiting.count,
                    assignments_open=item.waiting.total,
                    median_waiting_days=item.median_days,
                    forces_in_joint_actions=item.joint.count,
                    forces_asked=item.joint.total,
                ),
            )
            for number, item in enumerate(found, start=after + 1)
        ]

    return fetch
