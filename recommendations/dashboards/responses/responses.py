"""Who has responded to the inspection, in time or late, beside the progress of the force."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.db.models import QuerySet

from forces.models import Body
from forces.names import bodies_on
from recommendations import rules, wording
from recommendations.charts.table import Table, Value
from recommendations.dashboards.sorting import Column, Keys
from recommendations.models import Inspection, Recommendation, Response
from recommendations.page_urls import page_url
from recommendations.positions.national import NationalPosition, count
from recommendations.positions.past_time import AsAt
from recommendations.references import reference_cell, reference_key

Answer = Response.Answer
BySubject: TypeAlias = dict[int | None, Response]  # by key of the recommendation; None: the report

OVERDUE, LATE = "overdue", "late"
SHOWN = {"": "All", OVERDUE: "Overdue", LATE: "Responded late"}
REPORT = "The report as a whole"
UNCONFIRMED = (
    "The names of local policing bodies are unconfirmed: they are from general knowledge, as of "
    "2026."
)
ROW_KEYS: Keys = {
    "name": lambda row: row.name,
    "force": lambda row: row.force_name or None,
    "answer": lambda row: row.answer or None,
    "date": lambda row: row.responded_on,
    "late": lambda row: row.days_late,
    "done": lambda row: row.done,
    "overdue": lambda row: row.overdue,
}
COLUMNS = [
    Column("Local policing body", "name"),
    Column("Response to the report", "answer"),
    Column("Responded on", "date"),
    Column("Days late#", "-late"),
    Column("To recommendations"),
    Column("Force", "force"),
    Column("Done#", "done"),
    Column("Overdue#", "-overdue"),
]
NATIONAL_COLUMNS = [
    Column("National organisation"),
    *(Column(f"{answer.label}#") for answer in Answer),
    *(Column("None#"), Column("Done#"), Column("Overdue#")),
]


@dataclass(frozen=True, kw_only=True)
class ResponseRow:
    """One organisation. Only local policing bodies have a force and an answer to the report.

    `answers` are the recommendations by answer, and `unanswered` those that a national organisation
    leads or partners without a response. `done` and `overdue` are of the force, or its own.
    """

    name: str
    slug: str
    href: str
    force_name: str
    force_href: str
    answer: str
    responded_on: date | None
    days_late: int | None
    is_overdue: bool
    answers: list[int]
    unanswered: int | None
    done: int
    total: int
    overdue: int

    @property
    def answers_text(self) -> str:
        """Return `2 accepted, 1 not accepted`, or nothing."""
        pairs = zip(self.answers, Answer, strict=True)
        return ", ".join(f"{number} {answer.label.lower()}" for number, answer in pairs if number)


@dataclass(frozen=True, kw_only=True)
class ResponsesPage:
    sentence: str
    due_on: date
    policing: list[ResponseRow]
    national: list[ResponseRow]
    counts: dict[str, int]  # of local policing bodies, by `SHOWN`


def responses_page(national: NationalPosition) -> ResponsesPage:
    """Return all rows: 3 queries beside those of the position."""
    inspection, on, past = national.inspection, national.on, national.past
    by_body = current_responses(inspection, past=past)
    due_on = rules.response_due_on(inspection.published_on)
    named = bodies_on(past.on if past else None, policing_bodies(inspection))
    policing = [_row(national, body, by_body.get(body.pk, {})) for body in named]
    addressed = addressees(inspection)
    others = [
        _row(national, body, by_body.get(body.pk, {}), addressed=addressed[body.pk])
        for body in national.national_bodies
        if body.pk in addressed
    ]
    counts = {
        "": len(policing),
        OVERDUE: sum(row.is_overdue for row in policing),
        LATE: sum(is_late(row) for row in policing),
    }
    return ResponsesPage(
        sentence=_sentence(policing, counts, due_on=due_on, on=on),
        due_on=due_on,
        policing=policing,
        national=others,
        counts=counts,
    )


def is_late(row: ResponseRow) -> bool:
    """Whether it has responded, but after the last day."""
    return row.responded_on is not None and bool(row.days_late)


def select_rows(page: ResponsesPage, show: str) -> list[ResponseRow]:
    """Return the local policing bodies of a key of `SHOWN`."""
    conditions = {"": lambda row: True, OVERDUE: lambda row: row.is_overdue, LATE: is_late}
    return [row for row in page.policing if conditions[show](row)]


def policing_bodies(inspection: Inspection) -> QuerySet[Body]:
    """Return the local policing bodies of the forces that the inspection has assignments for."""
    forces = inspection.recommendations.values("assignments__body")
    bodies = Body.objects.filter(kind=Body.Kind.LOCAL_POLICING_BODY, force__in=forces)
    return bodies.select_related("force").order_by("short_name")


def count_overdue(inspection: Inspection, *, on: date) -> int:
    """Return how many local policing bodies have not responded in time, nor since; 1 query."""
    if not rules.is_response_overdue(
        published_on=inspection.published_on, responded_on=None, on=on
    ):
        return 0
    answered = inspection.responses.filter(recommendation=None).values("body")
    return policing_bodies(inspection).exclude(pk__in=answered).count()


def addressees(inspection: Inspection) -> dict[int, set[int]]:
    """Return the recommendations that each organisation leads or partners, by key; 2 queries."""
    addressed: dict[int, set[int]] = {}
    rows = inspection.recommendations.prefetch_related("partners")
    for recommendation in rows:
        partners = [body.pk for body in recommendation.partners.all()]
        for body_id in (recommendation.lead_body_id, *partners):
            addressed.setdefault(body_id, set()).add(recommendation.pk)
    return addressed


def current_responses(inspection: Inspection, *, past: AsAt | None) -> dict[int, BySubject]:
    """Return the responses that count, by organisation and subject; 1 query."""
    rows = inspection.responses.current(before=past.before if past else None)
    by_body: dict[int, BySubject] = {}
    for response in rows:
        by_body.setdefault(response.body_id, {})[response.recommendation_id] = response
    return by_body


def _row(
    national: NationalPosition,
    body: Body,
    responses: BySubject,
    *,
    addressed: set[int] | None = None,
) -> ResponseRow:
    force = national.body[body.force_id] if body.force_id else None
    report = responses.get(None)
    published_on, on = national.inspection.published_on, national.on
    responded_on = report.responded_on if report else None
    progress = count(national.of(force or body).values())
    answers = Counter(row.answer for key, row in responses.items() if key is not None)
    return ResponseRow(
        name=body.short_name,
        slug=body.slug,
        href=page_url("responses_of", body.slug, past=national.past),
        force_name=force.short_name if force else "",
        force_href=page_url("force", (force or body).slug, past=national.past),
        answer=report.get_answer_display() if report else "",
        responded_on=responded_on,
        days_late=rules.response_days_late(
            published_on=published_on, responded_on=responded_on, on=on
        )
        if force
        else None,
        is_overdue=force is not None
        and rules.is_response_overdue(published_on=published_on, responded_on=responded_on, on=on),
        answers=[answers[answer] for answer in Answer],
        unanswered=None if addressed is None else len(addressed - responses.keys()),
        done=progress.implemented,
        total=progress.total,
        overdue=progress.overdue,
    )


def _sentence(rows: list[ResponseRow], counts: dict[str, int], *, due_on: date, on: date) -> str:
    answered = sum(row.responded_on is not None for row in rows)
    bodies = "local policing body" if len(rows) == 1 else "local policing bodies"
    text = f"{answered} of {len(rows)} {bodies} {'has' if answered == 1 else 'have'} responded"
    text += f", {counts[LATE]} of them late. " if counts[LATE] else ". "
    if counts[OVERDUE]:
        text += f"{wording.are(counts[OVERDUE], 'overdue')}: "
    were = "were" if rules.is_after_due(due_on, on=on) else "are"
    comments = "comments" if counts[OVERDUE] else "Comments"
    return f"{text}{comments} {were} due by {wording.day(due_on)}."


def rows_table(page: ResponsesPage, show: str) -> Table:
    """Return the organisations as a table to download."""
    return Table(
        name="organisations",
        title="Responses and progress",
        head=[
            *("Organisation", "Force", "Report as a whole", "Responded on", "Due", "Overdue"),
            *("Days late", *(f"Recommendations {answer.label.lower()}" for answer in Answer)),
            *("Recommendations without response", "Implemented", "Of", "Recommendations overdue"),
        ],
        rows=[
            [
                *(row.name, row.force_name or None, row.answer or None, row.responded_on),
                *(page.due_on if row.force_name else None, "Yes" if row.is_overdue else None),
                *(row.days_late, *row.answers, row.unanswered, row.done, row.total, row.overdue),
            ]
            for row in [*select_rows(page, show), *([] if show else page.national)]
        ],
        notes=[UNCONFIRMED],
    )


def responses_table(national: NationalPosition) -> Table:
    """Return every response that counts, with its reason, as a table to download; 1 query."""
    past = national.past
    current = national.inspection.responses.current(before=past.before if past else None)
    rows = current.select_related("body", "recommendation").order_by("body__short_name")
    return Table(
        name="responses",
        title="Every response",
        head=[
            *("Organisation", "Number", "Recommendation", "Response", "Reason", "Responded on"),
            *("Link", "Entered"),
        ],
        rows=[_response_cells(row) for row in sorted(rows, key=_order)],
    )


def _order(response: Response) -> tuple[str, bool, tuple[object, ...]]:
    about = response.recommendation
    key = reference_key(about.reference) if about else ()
    return response.body.short_name, about is not None, tuple(key)


def _response_cells(response: Response) -> list[Value]:
    about: Recommendation | None = response.recommendation
    return [
        response.body.short_name,
        reference_cell(about.reference) if about else None,
        about.title if about else REPORT,
        response.get_answer_display(),
        response.reason,
        response.responded_on,
        response.link,
        entered_by(response),
    ]


def entered_by(response: Response) -> str:
    """Return who entered it, without a name."""
    return "On its behalf" if response.is_on_behalf else "By the organisation"


def subjects(
    body: Body, recommendations: Iterable[Recommendation], addressed: dict[int, set[int]]
) -> list[Recommendation | None]:
    """Return what the organisation can respond to; None: the report as a whole."""
    if body.is_local_policing_body:
        return [None, *recommendations]
    return [row for row in recommendations if row.pk in addressed.get(body.pk, ())]
