"""An organisation's recommendations, the most urgent first, with what has to be done on each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import NamedTuple

from django.urls import reverse

from forces.models import Body
from recommendations import rules, wording
from recommendations.actions.confirm_no_change import no_change_error
from recommendations.dashboards import labels
from recommendations.dashboards.assignment.approvals import WaitingApproval
from recommendations.dashboards.register.reasons import why
from recommendations.dashboards.register.returns import ReturnedClaim, returned_claims
from recommendations.dashboards.register.urgency import Urgency, sort_key, urgency
from recommendations.models import Recommendation
from recommendations.page_urls import page_url
from recommendations.positions.past_time import AsAt
from recommendations.positions.positions import Position
from recommendations.rules import Status

SEND_UPDATE = "Send an update"


class Reader(Enum):
    """Who reads the page of an organisation: that decides the words and the actions of a row."""

    OFFICER = "officer"  # sends its updates
    APPROVER = "approver"  # approves its updates, some of which wait for that
    MEMBER = "member"  # reads its updates, as a member of the organisation
    ANALYST = "analyst"  # asks questions and sends reminders
    HOME_OFFICE = "home_office"  # reads its updates; also for its local policing body
    OTHER = "other"  # sees status figures only

    @property
    def is_own(self) -> bool:
        return self in {Reader.OFFICER, Reader.APPROVER, Reader.MEMBER}

    @property
    def monitors(self) -> bool:
        """Return whether the reader follows the updates of every organisation."""
        return self in {Reader.ANALYST, Reader.HOME_OFFICE}


@dataclass(frozen=True, kw_only=True)
class RequiredAction:
    """One recommendation: its position, why it is where it is, and the next action."""

    reference: str
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
    no_change: str  # "No change 3 times in a row", for analysts; or empty
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
    def remind_attributes(self) -> dict[str, str]:
        """Return those of the button: the form, which has the token, is outside of the table."""
        return {"form": "remind", "formaction": self.remind_url}

    @property
    def hidden_text(self) -> str:
        return f": recommendation {self.reference}"


def next_actions(
    body: Body,
    positions: list[Position],
    recommendations: list[Recommendation],
    *,
    reader: Reader = Reader.OFFICER,
    past: AsAt | None = None,
    drafted: Mapping[int, WaitingApproval | None] | None = None,
    reminders: Mapping[int, str] | None = None,
) -> list[RequiredAction]:
    """Return a row for each recommendation in the order of urgency; up to 2 queries.

    The positions are of one day. With `past` they are of that time, so there are no actions.
    `drafted` has the drafts by the key of the assignment, with what they wait for. `reminders` has
    the addresses that send a reminder, by the key of the assignment.
    """
    titles = {recommendation.reference: recommendation for recommendation in recommendations}
    shown = [position for position in positions if position.reference in titles]
    before = past.before if past else None
    returned = {} if reader is Reader.OTHER else returned_claims(shown, before=before)
    shown.sort(key=sort_key)
    return [
        _row(
            body,
            position,
            titles[position.reference],
            reader=reader,
            returned=returned.get(position.assignment_id),
            has_draft=position.assignment_id in (drafted or {}),
            waiting=(drafted or {}).get(position.assignment_id),
            past=past,
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
    waiting: WaitingApproval | None,
    past: AsAt | None,
    remind_url: str,
) -> RequiredAction:
    today = position.on
    place: list[object] = [body.slug, position.reference]
    action = (
        _NO_ACTION
        if past
        else _action(position, reader, place, has_draft=has_draft, waiting=waiting)
    )
    can_confirm = action.text == SEND_UPDATE and not no_change_error(position, on=today)
    is_closed = position.status in rules.CLOSED
    return RequiredAction(
        reference=position.reference,
        title=recommendation.title,
        title_url=page_url("recommendation", position.reference, past=past)
        if reader is Reader.OTHER
        else page_url("assignment", *place, past=past),
        urgency=urgency(position),
        state=labels.state_of(position),
        flags=labels.flags(position),
        is_overdue=position.is_overdue,
        is_open=position.status in rules.OPEN,
        due_on=position.due_on,
        due=wording.short_day(position.due_on, today=today),
        original_due=wording.day(position.original_due_on, today=today)
        if position.is_extended
        else "",
        days="" if is_closed else labels.describe_days(position.due_on, on=today),
        why=waiting.sentence(today=today)
        if waiting
        else why(
            position,
            returned=returned,
            is_own=reader.is_own,
            sees_documents=reader is not Reader.OTHER,
        ),
        no_change=labels.no_change(position) if reader.monitors else "",
        button=action.text,
        href=action.href,
        is_update=action.is_update,
        remind_url="" if past else remind_url,
        no_change_url=reverse("no_change", args=place) if can_confirm else "",
    )


class _Action(NamedTuple):
    text: str = ""
    href: str = ""
    is_update: bool = False


_NO_ACTION = _Action()


def _action(
    position: Position,
    reader: Reader,
    place: list[object],
    *,
    has_draft: bool,
    waiting: WaitingApproval | None,
) -> _Action:
    """Return the button; `place` are the arguments of the assignment's addresses."""
    is_open = position.status in rules.OPEN
    if waiting is not None:
        if reader is Reader.APPROVER:
            return _Action("Approve or return", waiting.href, is_update=True)
        return _Action("See or take back", reverse("update_check", args=place))
    if reader is Reader.APPROVER:
        return _NO_ACTION
    if reader is Reader.OFFICER and (has_draft or is_open):
        text = "Continue update" if has_draft else SEND_UPDATE
        return _Action(text, reverse("update", args=place), is_update=True)
    if reader is Reader.ANALYST and position.status == Status.EVIDENCE_SUBMITTED:
        return _Action("Review the claim", reverse("review", args=[position.latest_update_id]))
    if reader is Reader.ANALYST and is_open:
        return _Action("Ask a question", reverse("questions", args=place))
    return _NO_ACTION
