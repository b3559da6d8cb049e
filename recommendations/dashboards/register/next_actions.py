"""What a body owes, the most urgent first: a sentence and one act for each recommendation."""

from dataclasses import dataclass

from django.urls import reverse

from forces.models import Body
from recommendations import rules, wording
from recommendations.dashboards import labels
from recommendations.models import Draft, Recommendation, Update
from recommendations.positions.positions import Position
from recommendations.rules import CLOSED, Flag, Status


@dataclass(frozen=True, kw_only=True)
class Owed:
    """One recommendation: why it is where it is in the list, and the page where it is done."""

    number: int
    title: str
    tags: list[labels.Tag]
    sentence: str
    act: str
    href: str
    is_urgent: bool


def owed_by(
    body: Body, of_body: list[Position], recommendations: list[Recommendation]
) -> list[Owed]:
    """Overdue, returned, due soon, stale, the other open ones, then what waits and is closed.

    Two queries.
    """
    title = {each.number: each.title for each in recommendations}
    latest = [each.latest_update_id for each in of_body if each.latest_update_id]
    returned = set(
        Update.objects.returned_claims().filter(pk__in=latest).values_list("pk", flat=True)
    )
    drafted = set(
        Draft.objects.filter(assignment__in=[each.assignment_id for each in of_body]).values_list(
            "assignment_id", flat=True
        )
    )

    def place(position: Position) -> tuple[int, object, int]:
        urgency = _urgency(position, is_returned=position.latest_update_id in returned)
        return urgency, position.due_on, position.number

    return [
        _owed(
            body,
            each,
            title[each.number],
            is_returned=each.latest_update_id in returned,
            is_drafted=each.assignment_id in drafted,
        )
        for each in sorted(of_body, key=place)
        if each.number in title
    ]


def _urgency(position: Position, *, is_returned: bool) -> int:
    reasons = (
        position.is_overdue,
        is_returned,
        Flag.DUE_SOON in position.flags,
        Flag.STALE in position.flags,
        position.status in rules.OPEN,
        position.status == Status.EVIDENCE_SUBMITTED,
    )
    return reasons.index(True) if True in reasons else len(reasons)


def _owed(
    body: Body, position: Position, title: str, *, is_returned: bool, is_drafted: bool
) -> Owed:
    is_open = position.status in rules.OPEN
    act, page = "See what was sent", "assignment"
    if is_open or is_drafted:
        act, page = ("Continue update" if is_drafted else "Send an update"), "update"
    return Owed(
        number=position.number,
        title=title,
        tags=labels.tags(position),
        sentence=_sentence(position, is_returned=is_returned),
        act=act,
        href=reverse(page, args=[body.slug, position.number]),
        is_urgent=is_open and (is_returned or bool(position.flags)),
    )


def _sentence(position: Position, *, is_returned: bool) -> str:
    """`Due in 12 days; you forecast 4 January 2027, after the due date.`"""
    if position.status in CLOSED:
        return f"{Status(position.status).label}: nothing is left to do."
    claimed_on = wording.day(rules.london_day(position.heard_at))
    if position.status == Status.EVIDENCE_SUBMITTED:
        return f"Your claim of {claimed_on} waits for an analyst's review."
    said = ["your claim was returned"] if is_returned else []
    said.append(_due(position))
    if position.forecast_on is not None:
        late = ", after the due date" if rules.forecasts_late(position) else ""
        said.append(f"you forecast {wording.day(position.forecast_on)}{late}")
    if Flag.STALE in position.flags:
        days = (position.on - rules.london_day(position.heard_at)).days
        said.append(f"nothing was heard for {wording.count(days, 'day')}")
    sentence = "; ".join(said)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _due(position: Position) -> str:
    if position.is_overdue:
        late = wording.count(position.days_overdue, "day")
        return f"it was due on {wording.day(position.due_on)}: {late} overdue"
    days = rules.days_until_due(position.due_on, on=position.on)
    return "due today" if days == 0 else f"due in {wording.count(days, 'day')}"
