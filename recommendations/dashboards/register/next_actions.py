"""An organisation's recommendations, the most urgent first, with what has to be done on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django.urls import reverse

from forces.models import Body
from recommendations import rules, wording
from recommendations.dashboards import labels
from recommendations.dashboards.register.returns import ReturnedClaim, returned_claims
from recommendations.dashboards.register.urgency import Urgency, sort_key, urgency
from recommendations.models import Draft, Recommendation
from recommendations.positions.positions import Position
from recommendations.rules import Flag, Status


class Reader(Enum):
    """Who reads the page of an organisation: that decides the words and the actions of a row."""

    OFFICER = "officer"  # sends its updates
    MEMBER = "member"  # reads its updates, as a member of the organisation
    ANALYST = "analyst"  # asks questions and sends reminders
    HOME_OFFICE = "home_office"  # reads its updates
    OTHER = "other"  # sees status figures only

    @property
    def is_own(self) -> bool:
        return self in {Reader.OFFICER, Reader.MEMBER}


@dataclass(frozen=True, kw_only=True)
class RequiredAction:
    """One recommendation: its position, why it is where it is, and the next action."""

    number: int
    title: str
    title_url: str
    urgency: Urgency
    state: labels.State
    flags: list[labels.FlagLabel]
    is_overdue: bool
    is_open: bool
    due_on: date
    due: str  # "30 Sep"
    original_due: str  # "30 June", if the due date was changed
    days: str  # "56 days ago"
    why: str
    button: str  # empty if there is nothing to do
    href: str
    is_update: bool  # whether the button sends an update
    remind_url: str = ""  # empty if no reminder can be sent
    no_change_url: str = ""  # empty if the last answers cannot be confirmed as they are

    @property
    def kind(self) -> str:
        """Return the kind of the button: the green one is only for what cannot wait."""
        return "" if self.urgency is Urgency.ACT_NOW and self.is_update else "plain"

    @property
    def hidden_text(self) -> str:
        return f": recommendation {self.number}"


def next_actions(
    body: Body,
    positions: list[Position],
    recommendations: list[Recommendation],
    *,
    reader: Reader = Reader.OFFICER,
    before: datetime | None = None,
    reminders: Mapping[int, str] | None = None,
) -> list[RequiredAction]:
    """Return a row for each recommendation in the order of urgency; up to 3 queries.

    The positions are of one day. With `before` they are in the past, so there are no actions.
    `reminders` has the addresses that send a reminder, by the key of the assignment.
    """
    titles = {recommendation.number: recommendation for recommendation in recommendations}
    shown = [position for position in positions if position.number in titles]
    returned = {} if reader is Reader.OTHER else returned_claims(shown, before=before)
    drafted: set[int] = set()
    if reader is Reader.OFFICER and before is None:
        drafts = Draft.objects.filter(assignment__in=[p.assignment_id for p in shown])
        drafted = set(drafts.values_list("assignment_id", flat=True))
    shown.sort(key=lambda p: sort_key(p, is_returned=p.assignment_id in returned, on=p.on))
    return [
        _row(
            body,
            position,
            titles[position.number],
            reader=reader,
            returned=returned.get(position.assignment_id),
            has_draft=position.assignment_id in drafted,
            is_past=before is not None,
            remind_url=(reminders or {}).get(position.assignment_id, ""),
        )
        for position in shown
    ]


def _row(
    body: Body,
    position: Position,
    recommendation: Recommendation,
    *,
    reader: Reader,
    returned: ReturnedClaim | None,
    has_draft: bool,
    is_past: bool,
    remind_url: str,
) -> RequiredAction:
    today = position.on
    own_page = reverse("assignment", args=[body.slug, position.number])
    button, page = ("", "") if is_past else _action(position, reader, has_draft)
    arguments = [position.latest_update_id] if page == "review" else [body.slug, position.number]
    is_closed = position.status in rules.CLOSED
    return RequiredAction(
        number=position.number,
        title=recommendation.title,
        title_url=recommendation.get_absolute_url() if reader is Reader.OTHER else own_page,
        urgency=urgency(position, is_returned=returned is not None, on=today),
        state=labels.STATES[position.status],
        flags=labels.flags(position),
        is_overdue=position.is_overdue,
        is_open=position.status in rules.OPEN,
        due_on=position.due_on,
        due=wording.short_day(position.due_on, today=today),
        original_due=wording.near_day(position.original_due_on, today=today)
        if position.is_extended
        else "",
        days="" if is_closed else labels.describe_days(position.due_on, on=today),
        why=_why(position, reader, returned),
        button=button,
        href=reverse(page, args=arguments) if page else "",
        is_update=page == "update",
        remind_url="" if is_past else remind_url,
    )


def _action(position: Position, reader: Reader, has_draft: bool) -> tuple[str, str]:
    """Return the text of the button and the name of its page."""
    if reader is Reader.OFFICER and has_draft:
        return "Continue update", "update"
    if reader is Reader.OFFICER and position.status in rules.OPEN:
        return "Send an update", "update"
    if reader is Reader.ANALYST and position.status == Status.EVIDENCE_SUBMITTED:
        return "Review the claim", "review"
    if reader is Reader.ANALYST and position.status in rules.OPEN:
        return "Ask a question", "questions"
    return "", ""


def _why(position: Position, reader: Reader, returned: ReturnedClaim | None) -> str:
    """Return the most important reason: `You forecast 5 January, 5 days after the due date`."""
    today, updated_on = position.on, rules.london_day(position.heard_at)
    heard = wording.near_day(updated_on, today=today)
    if position.status == Status.WITHDRAWN:
        return "Withdrawn"
    if position.status in rules.CLAIMED:
        late = f", {wording.count(position.days_late, 'day')} late" if position.is_late else ""
        is_waiting = position.status == Status.EVIDENCE_SUBMITTED
        return f"Claim of {heard} {'is awaiting review' if is_waiting else 'accepted'}{late}"
    if returned is not None:
        causes = "; ".join(returned.causes)
        reason = f": {causes[0].lower()}{causes[1:]}" if causes else ""
        return f"Returned on {wording.near_day(returned.on, today=today)}{reason}"
    if position.latest_update_id is None:
        return f"No update yet, assigned on {heard}"
    if reader is not Reader.OTHER and (words := _forecast(position, reader)):
        return words
    if Flag.STALE in position.flags:
        return f"No update for {wording.count((today - updated_on).days, 'day')}"
    return f"Last update on {heard}"


def _forecast(position: Position, reader: Reader) -> str:
    """Return what is notable about the forecast and the confidence, or ""."""
    if position.forecast_on is None:
        return ""
    day = wording.near_day(position.forecast_on, today=position.on)
    if position.forecast_on < position.on:
        return f"{'Your' if reader.is_own else 'The'} forecast of {day} has passed"
    said = f"{'You forecast' if reader.is_own else 'Forecast'} {day}"
    if rules.is_forecast_late(position):
        late = rules.days_after_due(position.due_on, on=position.forecast_on)
        return f"{said}, {wording.count(late, 'day')} after the due date"
    if Flag.STALE in position.flags:
        return ""
    return f"{said}, confidence {position.confidence}"
