"""An assignment's position, next action and due date, as its page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.urls import get_script_prefix
from django.utils.html import format_html
from django.utils.safestring import SafeString

from forces.models import Body
from forces.names import body_on
from recommendations import rules, wording
from recommendations.actions.confirm_no_change import no_change_error
from recommendations.actions.drafts import update_error
from recommendations.dashboards import labels
from recommendations.dashboards.assignment.entries import Entry
from recommendations.dashboards.assignment.timeline import Timeline
from recommendations.dashboards.assignment.year import Year, year_of
from recommendations.dashboards.register.next_actions import SEND_UPDATE
from recommendations.models import Assignment, Draft
from recommendations.models.inspection import PREFIX
from recommendations.page_urls import page_url
from recommendations.positions import positions
from recommendations.positions.past_time import AsAt
from recommendations.positions.positions import Position
from recommendations.references import reference_key
from recommendations.rules import EndingKind, Status

# The references and titles of some recommendations; of one also its counts of forces and its lead.
_OTHERS = """
    WITH forces AS (
        SELECT count(*) FILTER (WHERE a.status = %(implemented)s) AS done, count(*) AS total
        FROM recommendations_assignment a JOIN forces_body b ON b.id = a.body_id
        WHERE a.recommendation_id = %(recommendation)s AND b.kind = %(force)s
          AND a.ending <> 'moved'
    )
    SELECT r.reference, r.title, f.done, f.total, lead.id, lead.name, lead.short_name
    FROM forces f, recommendations_recommendation own
    JOIN forces_body lead ON lead.id = own.lead_body_id
    JOIN recommendations_recommendation r ON r.inspection_id = own.inspection_id
    WHERE own.id = %(recommendation)s AND r.reference = ANY(%(references)s)
"""


def positions_of_body(
    assignment: Assignment, *, today: date, then: AsAt | None
) -> dict[int, Position]:
    """The positions of the assignment's organisation, by the key of the assignment; 1 query."""
    inspection = assignment.recommendation.inspection
    rows = positions.at(inspection, then, on=today, body=assignment.body)
    return {position.assignment_id: position for position in rows}


def position_of(assignment: Assignment, *, today: date, then: AsAt | None) -> Position | None:
    """The assignment's position today or at a past time; None if it was not yet assigned."""
    return positions_of_body(assignment, today=today, then=then).get(assignment.pk)


@dataclass(frozen=True)
class Neighbour:
    """The recommendation of the same organisation before or after this one."""

    reference: str
    title: str
    href: str


@dataclass(frozen=True, kw_only=True)
class AssignmentPage:
    """What the page shows of an assignment that has a position."""

    above: SafeString
    previous: Neighbour | None
    next: Neighbour | None
    state: labels.State
    flags: list[labels.FlagLabel]
    due: SafeString
    facts: list[dict[str, str]]
    carried_forward: list[tuple[str, str, str]]  # "Carried forward to", the title, an address
    elsewhere: str
    questions_url: str
    year: Year
    flags_summary: str
    latest: Entry | None
    entries: list[Entry]
    history_title: str
    full_url: str  # empty if all entries are open or there are none


def assignment_page(
    assignment: Assignment,
    by_key: dict[int, Position],
    timeline: Timeline,
    *,
    latest: Entry | None,
    entries: list[Entry],
    then: AsAt | None,
    is_full: bool,
    is_paged: bool,
) -> AssignmentPage | None:
    """Return the page, or None if there was no position yet; 1 query."""
    position = by_key.get(assignment.pk)
    if position is None:
        return None
    place = [assignment.body.slug, position.reference]
    full_url = page_url("assignment", *place, past=then, full=1)
    updates = sum(entry.number is not None for entry in entries)
    previous, following, elsewhere, lead = _others(assignment, list(by_key.values()), then)
    changes = wording.count(len(timeline.flag_changes), "flag change")
    return AssignmentPage(
        above=above_title(assignment, then),
        previous=previous,
        next=following,
        state=labels.state_of(position),
        flags=_flags(position),
        due=_bold_rest(due_sentence(position)),
        facts=_facts(assignment, position, latest, lead=lead),
        carried_forward=_carried_forward(assignment, position, by_key, then),
        elsewhere=elsewhere if then is None else "Every force",
        questions_url=page_url("questions", *place),
        year=year_of(
            assignment,
            timeline,
            due_on=position.due_on,
            today_text=wording.short_day(then.on, today=then.on) if then else "today",
            history_url=full_url if is_paged else "",
        ),
        flags_summary=f"{changes} as a list",
        latest=latest,
        entries=entries,
        history_title=f"Earlier: {wording.count(updates, 'update')}" if updates else "History",
        full_url="" if is_full or not updates else full_url,
    )


def _carried_forward(
    assignment: Assignment, own: Position, by_key: dict[int, Position], then: AsAt | None
) -> list[tuple[str, str, str]]:
    """Return what supersedes the assignment, and what it supersedes for the organisation."""
    slug = assignment.body.slug
    references = {position.reference for position in by_key.values()}
    found = _moved(assignment, own, then)
    if own.superseded_by:
        inspection, _, reference = own.superseded_by.rpartition("/")
        text = f"Recommendation {reference}" + (f" of {inspection}" if inspection else "")
        href = page_url("recommendation", reference, past=then)
        if inspection:
            href = f"{PREFIX}{inspection}/{href.removeprefix(get_script_prefix())}"
        elif reference in references:
            href = page_url("assignment", slug, reference, past=then)
        found.append(("Carried forward to", text, href))
    found += [
        (
            "Carried forward from",
            f"Recommendation {position.reference}",
            page_url("assignment", slug, position.reference, past=then),
        )
        for position in by_key.values()
        if position.superseded_by == own.reference
    ]
    return found


def _moved(assignment: Assignment, own: Position, then: AsAt | None) -> list[tuple[str, str, str]]:
    """Return the assignments that it moved to, or was moved from when an organisation ended."""
    reference = assignment.recommendation.reference
    found: list[tuple[str, Body]] = []
    if own.ending == EndingKind.MOVED and assignment.body.succeeded_by is not None:
        found.append(("Moved to", assignment.body.succeeded_by))
    former = assignment.body.predecessors.filter(
        assignments__recommendation=assignment.recommendation_id
    )
    found += [
        ("History at", body)
        for body in former.order_by("ended_at")
        if not body.exists_before(then.before if then else None)
    ]
    return [
        (term, body.short_name, page_url("assignment", body.slug, reference, past=then))
        for term, body in found
    ]


def above_title(assignment: Assignment, then: AsAt | None) -> SafeString:
    """Return `Kent Police, recommendation 3`, with a link to the page of the organisation."""
    return format_html(
        '<a class="govuk-link" href="{}">{}</a>, recommendation {}',
        page_url("force", assignment.body.slug, past=then),
        assignment.body.name,
        assignment.recommendation.reference,
    )


def _others(
    assignment: Assignment, of_body: Sequence[Position], then: AsAt | None
) -> tuple[Neighbour | None, Neighbour | None, str, str]:
    """Return the recommendations before and after, `Implemented by 26 of 43 forces`, and the lead.

    The number of forces is that of today. 1 query, or 2 about a past day.
    """
    own = assignment.recommendation.reference
    references = sorted((position.reference for position in of_body), key=reference_key)
    index = references.index(own)
    parameters: dict[str, Any] = {
        "recommendation": assignment.recommendation_id,
        "references": references[max(index - 1, 0) : index + 2],
        "force": Body.Kind.FORCE,
        "implemented": Status.IMPLEMENTED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, parameters)
        found = cursor.fetchall()
    titles = {reference: title for reference, title, *_ in found}

    def neighbour(reference: str) -> Neighbour:
        href = page_url("assignment", assignment.body.slug, reference, past=then)
        return Neighbour(reference, titles[reference], href)

    done, forces, lead_id, lead_name, lead_short_name = found[0][2:]
    lead = Body(pk=lead_id, name=lead_name, short_name=lead_short_name)
    return (
        neighbour(references[index - 1]) if index else None,
        neighbour(references[index + 1]) if index + 1 < len(references) else None,
        f"Implemented by {done} of {wording.count(forces, 'force')}" if forces else "",
        body_on(lead, then.on if then else None).name,
    )


def _flags(position: Position) -> list[labels.FlagLabel]:
    shown = labels.flags(position)
    if position.is_late:
        shown.append(labels.FlagLabel(labels.LATE_REVIEW.kind, "Submitted late"))
    return shown


def _bold_rest(sentence: str) -> SafeString:
    """Return `Due on 3 March 2026:` and the rest in bold."""
    first, colon, rest = sentence.partition(": ")
    return (
        format_html("{}: <strong>{}</strong>", first, rest) if colon else format_html("{}", first)
    )


def _facts(
    assignment: Assignment, position: Position, latest: Entry | None, *, lead: str
) -> list[dict[str, str]]:
    today = position.on
    changes = position.due_date_changes_count
    times = "once" if changes == 1 else wording.count(changes, "time")
    first = f"{wording.day(position.original_due_on)}, changed {times}" if changes else ""
    facts = {
        "First due": first,
        "Confidence": position.confidence.capitalize(),
        "Forecast": wording.day(position.forecast_on) if position.forecast_on else "",
        "Last update": f"{wording.day(latest.on, today=today)}, by {latest.by}"
        if latest
        else "None yet",
        "Lead": f"{lead} (this organisation)" if position.is_lead else lead,
    }
    return [{"key": key, "value": value} for key, value in facts.items() if value]


@dataclass(frozen=True)
class NextAction:
    """What an officer can do now: the text of a button, or the reason why there is none.

    With `offers_no_change` the last answers can also be confirmed as they are.
    """

    button: str = ""
    reason: str = ""
    offers_no_change: bool = False


def next_action(assignment: Assignment, draft: Draft | None, *, on: date) -> NextAction:
    """The next action of an officer of the assignment's force."""
    if reason := update_error(assignment, draft):
        return NextAction(reason=reason)
    return NextAction(
        button="Continue update" if draft else SEND_UPDATE,
        offers_no_change=draft is None and not no_change_error(assignment, on=on),
    )


def due_sentence(position: Position) -> str:
    """One sentence about the due date, as at the day of the position."""
    due = wording.day(position.due_on)
    if position.status == Status.WITHDRAWN:
        return f"It was due on {due}, and was withdrawn."
    if position.status in rules.CLAIMED:
        claimed_on = rules.london_day(position.heard_at)
        submitted = f"Due on {due}. The claim was submitted on {wording.day(claimed_on)}"
        if not position.is_late:
            return f"{submitted}, on time."
        late = f"{wording.count(position.days_late, 'day')} late"
        first_at = position.first_claimed_at
        if first_at is None or first_at == position.heard_at:
            return f"{submitted}, {late}."
        first_on = wording.day(rules.london_day(first_at))
        return f"{submitted}, and the first claim on {first_on}. It is {late}."
    if position.is_overdue:
        return f"Due on {due}: {wording.count(position.days_overdue, 'day')} overdue."
    left = rules.days_until_due(position.due_on, on=position.on)
    return f"Due on {due}: {wording.count(left, 'day') + ' left' if left else 'today'}."
