"""The page of one organisation, in the order of urgency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString

from forces.models import Body, Role
from forces.models.membership import MEMBER_SQL
from forces.rows import tuples
from recommendations import rules, wording
from recommendations.dashboards import labels
from recommendations.dashboards.assignment.approvals import WaitingApproval
from recommendations.dashboards.body_requests.rows import RequestRow
from recommendations.dashboards.questions.questions import OpenQuestion
from recommendations.dashboards.register.group import ComparisonRow
from recommendations.dashboards.register.next_actions import Reader, RequiredAction
from recommendations.dashboards.register.to_answer import (
    describe_approvals,
    describe_questions,
    describe_requests,
)
from recommendations.dashboards.register.urgency import Urgency
from recommendations.positions.contact import contacts
from recommendations.positions.national import count
from recommendations.positions.positions import Position
from recommendations.references import reference_key
from recommendations.rules import EndingKind, Status

_TITLES = {Urgency.ACT_NOW: "Act now", Urgency.NEXT: "Next", Urgency.DONE: "Done"}
# The table of recommendations. The last column is for actions, of which some readers have two.
_HEAD: tuple[dict[str, object], ...] = (
    {"text": "Recommendation"},
    {"text": "Status"},
    {"text": "Flags"},
    {"text": "Due", "is_number": True},
    {"hidden_text": "Days", "is_number": True},
    {"text": "Why"},
)
_ACTION_HEAD: dict[str, object] = {"hidden_text": "What to do"}
_TITLE_WIDTH, _TITLE_WIDTH_WITH_ACTIONS = "382", "300"
_WIDTHS = ("132", "148", "96", "122", "")
_ACTION_WIDTHS = {Reader.OFFICER: "240", Reader.APPROVER: "240", Reader.ANALYST: "212"}
_OFFICERS = """
    SELECT u.name, u.email, u.last_login FROM forces_user u
    WHERE u.is_active AND {condition} ORDER BY u.name
"""
_OFFICERS_NOW = _OFFICERS.format(condition=MEMBER_SQL)
_OFFICERS_ACTING = _OFFICERS.format(condition="u.body_id = %s AND u.role = %s")


@dataclass(frozen=True)
class RowTable:
    """The columns of the table of recommendations."""

    head: tuple[dict[str, object], ...]
    widths: tuple[str, ...]
    has_actions: bool


@dataclass(frozen=True)
class ActionGroup:
    """The rows of one group under their heading."""

    title: str
    rows: list[RequiredAction]


@dataclass(frozen=True)
class TenItem:
    """One recommendation in the strip of letters."""

    name: str
    href: str
    status: str
    letters: str
    is_overdue: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class Marks:
    """A figure of the force with two medians, and their places on the scale in per cent."""

    row: ComparisonRow
    text: str
    own: str
    region: str
    all: str


@dataclass(frozen=True)
class Officer:
    name: str
    email: str
    signed_in: str  # "signed in on 24 November", for analysts only


@dataclass(frozen=True, kw_only=True)
class ForcePage:
    body: Body
    sentence: SafeString  # what matters most is bold
    groups: list[ActionGroup]
    ten: list[TenItem]
    last_contact: str  # "3 November, 22 days ago"; empty if nothing is assigned to it


def force_page(
    body: Body,
    positions: list[Position],
    rows: list[RequiredAction],
    *,
    on: date,
    questions: Sequence[OpenQuestion] = (),
    requests: Sequence[RequestRow] = (),
    approvals: Sequence[WaitingApproval] = (),
) -> ForcePage:
    """Return the page of one organisation on a London day; no query.

    `questions` and `requests` are those that wait for the reader's reply, and `approvals` for their
    approval.
    """
    sentence = _sentence(body, positions, rows, on=on)
    return ForcePage(
        body=body,
        sentence=format_html(
            "{}{}{}{}",
            sentence,
            describe_questions(questions),
            describe_requests(requests, body),
            describe_approvals(approvals),
        ),
        groups=_groups(rows, on=on),
        ten=[_ten_item(row) for row in sorted(rows, key=lambda row: reference_key(row.reference))],
        last_contact=_last_contact(body, positions),
    )


def row_table(reader: Reader) -> RowTable:
    """Return the columns for a reader, with one for actions if the reader has any."""
    width = _ACTION_WIDTHS.get(reader)
    if width is None:
        return RowTable(_HEAD, (_TITLE_WIDTH, *_WIDTHS), has_actions=False)
    return RowTable(
        (*_HEAD, _ACTION_HEAD),
        (_TITLE_WIDTH_WITH_ACTIONS, *_WIDTHS, width),
        has_actions=True,
    )


def marks_head(*, highest: int) -> list[dict[str, object]]:
    """Return the head of the comparison, the last column of which is a scale up to `highest`."""
    numbers = ("Force", "Region", "All")  # no room for a long name
    return [
        {"text": "Recommendations"},
        *({"text": text, "is_number": True} for text in numbers),
        {"text": f"0 to {highest}"},
    ]


def liaison_officers(body: Body, *, on: date | None) -> list[Officer]:
    """Return the officers; with `on` (today) when they last signed in, too. 1 query."""
    member = (body.pk, Role.LIAISON_OFFICER)
    people = tuples(_OFFICERS_NOW, *member, on, on) if on else tuples(_OFFICERS_ACTING, *member)
    return [
        Officer(name, email, _signed_in(last_login, on) if on else "")
        for name, email, last_login in people
    ]


def _signed_in(last_login: datetime | None, on: date) -> str:
    if last_login is None:
        return "has never signed in"
    return f"signed in on {wording.day(rules.london_day(last_login), today=on)}"


def marks(body: Body, rows: list[ComparisonRow], *, highest: int) -> list[Marks]:
    """Return the figures with their places on a scale from 0 to `highest`."""

    def place(value: float) -> str:
        return f"{2 + 94 * min(value / max(highest, 1), 1):.1f}"

    return [
        Marks(
            row=row,
            text=f"{row.label}: {body.short_name} {row.own}, median of its region {row.group}, "
            f"median of all forces {row.country}",
            own=place(row.values[0]),
            region=place(row.values[1]),
            all=place(row.values[2]),
        )
        for row in rows
    ]


def _groups(rows: list[RequiredAction], *, on: date) -> list[ActionGroup]:
    groups = []
    for group, title in _TITLES.items():
        members = [row for row in rows if row.urgency is group]
        if not members:
            continue
        due = {row.due_on for row in members}
        if group is Urgency.NEXT and len(due) == 1 and all(row.is_open for row in members):
            title = f"{title}, due on {wording.day(due.pop(), today=on)}"
        withdrawn = [row for row in members if row.state.status == Status.WITHDRAWN]
        if group is Urgency.DONE and withdrawn:
            title = "Withdrawn" if withdrawn == members else "Done or withdrawn"
        groups.append(ActionGroup(f"{title}: {len(members)}", members))
    return groups


def _last_contact(body: Body, positions: list[Position]) -> str:
    contact = contacts(positions).get(body.pk)
    if contact is None:
        return ""
    if contact.last_update_on is None:
        return "None yet"
    day = wording.day(contact.last_update_on, today=contact.on)
    return f"{day}, {labels.describe_days(contact.last_update_on, on=contact.on)}"


def _ten_item(row: RequiredAction) -> TenItem:
    words = [wording.lower_first(row.state.word), *(flag.word.lower() for flag in row.flags)]
    if row.original_due:
        words.append("due date changed")
    return TenItem(
        f"R{row.reference}",
        row.title_url,
        row.state.status,
        row.state.letters,
        row.is_overdue,
        f": {', '.join(words)}",
    )


def _sentence(
    body: Body, positions: list[Position], rows: list[RequiredAction], *, on: date
) -> SafeString:
    """Return `0 of 10 implemented. 3 are overdue. 5 more are due on 31 December, in 36 days.`"""
    totals = count(positions)
    if not totals.total and any(p.ending == EndingKind.MOVED for p in positions):
        return format_html("What {} had open has moved.", body.short_name)
    if not totals.total:
        return format_html("{} has no recommendations of its own.", body.short_name)
    unreported = sum(
        p.status in rules.OPEN and p.latest_update_id is None and not p.is_overdue
        for p in positions
    )
    warnings = [
        wording.are(totals.overdue, "overdue") if totals.overdue else "",
        f"{unreported} {'has' if unreported == 1 else 'have'} no update yet" if unreported else "",
    ]
    warning = " and ".join(filter(None, warnings))
    rest = _what_is_left([row for row in rows if row.urgency is Urgency.NEXT and row.is_open], on)
    claims = totals.statuses[Status.EVIDENCE_SUBMITTED]
    if claims:
        are = "is" if claims == 1 else "are"
        rest = f"{rest} {wording.count(claims, 'claim')} {are} awaiting review.".strip()
    return format_html(
        "{} of {} implemented{}{}. {} {}",
        totals.implemented,
        totals.total,
        wording.self_assessed(totals.self_assessed),
        wording.not_counting(totals.withdrawn),
        format_html("<strong>{}.</strong>", warning) if warning else "",
        rest,
    )


def _what_is_left(rows: list[RequiredAction], on: date) -> str:
    """Return `5 more are due on 31 December, in 36 days.`"""
    if not rows:
        return ""
    due_on = min(row.due_on for row in rows)
    number = sum(row.due_on == due_on for row in rows)
    return (
        f"{number} more {'is' if number == 1 else 'are'} due on "
        f"{wording.day(due_on, today=on)}, "
        f"{labels.describe_days(due_on, on=on)}."
    )
