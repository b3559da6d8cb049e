"""An answer of the API: whole, unchanged (304), a page of a list as JSON, or a list as CSV."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from ninja import Schema
from ninja.errors import HttpError

from forces.http import ReaderRequest
from recommendations import rules, wording
from recommendations.api import pagination
from recommendations.api.parameters import MOST, Asked
from recommendations.api.querysets import List, Question, Rows
from recommendations.api.schemas import Answer, Page
from recommendations.dashboards.past_time import NoSuchTime, past_time
from recommendations.exports.csv_file import csv_lines
from recommendations.models import Inspection

MADE_UP = "Demonstration data: all of it is made up."
_Response = TypeVar("_Response", bound=HttpResponseBase)
_PAGING = {"limit", "cursor", "format"}


@dataclass(frozen=True, kw_only=True)
class ListAnswer:
    """One list of the API: its rows, and the schemas of a row and of a page."""

    name: str
    rows: List
    item: type[Schema]
    page: type[Page]


def question_of(request: ReaderRequest, *, as_at: str = "") -> Question:
    """Who asks, about what, when. Raises HttpError: 404 without an inspection, 422 for a time."""
    inspection = Inspection.objects.current()
    if inspection is None:
        raise HttpError(404, "No inspection is loaded yet.")
    try:
        then = past_time(as_at, now=request.now)
    except NoSuchTime as error:
        raise HttpError(422, str(error)) from None
    return Question(reader=request.user, inspection=inspection, now=request.now, then=then)


def about(question: Question) -> dict[str, Any]:
    """What each answer says of itself: the fields of `schemas.Answer`."""
    inspection = question.inspection
    return {
        "inspection": {
            "slug": inspection.slug,
            "title": inspection.title,
            "publisher": inspection.publisher,
            "published_on": inspection.published_on,
        },
        "position_on": question.on,
        "position_at": _position_at(question),
        "is_synthetic": inspection.is_synthetic,
        "notice": MADE_UP if inspection.is_synthetic else "",
    }


def _position_at(question: Question) -> datetime:
    then = question.then
    return then.before - timedelta(microseconds=1) if then else question.now


def unchanged(request: HttpRequest, question: Question, *, state: str = "") -> HttpResponse | None:
    """304, where the asker has this answer already."""
    etag = _etag(request, question, state)
    found = get_conditional_response(request, etag=etag)
    return marked(found, request, question, state=state) if found else None


def marked(
    response: _Response, request: HttpRequest, question: Question, *, state: str = ""
) -> _Response:
    """The same, which its asker may keep and ask about again."""
    response["ETag"] = _etag(request, question, state)
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _etag(request: HttpRequest, question: Question, state: str) -> str:
    """Whatever is answered follows from these."""
    inspection, reader = question.inspection, question.reader
    parts = (
        settings.RELEASE,
        settings.BASE_URL,
        (inspection.pk, inspection.revision, str(inspection.published_on), inspection.title),
        str(rules.london_day(question.now)),
        (reader.pk, reader.role, reader.body_id),
        request.get_full_path(),
        state,
    )
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


def whole(request: HttpRequest, question: Question, answer: Answer) -> HttpResponse:
    return marked(_json(answer), request, question)


def listed(
    request: HttpRequest,
    asked: Asked,
    question: Question,
    what: ListAnswer,
    *,
    state: str = "",
) -> HttpResponseBase:
    """A page as JSON, or the whole list as CSV; 304 where the asker has it."""
    _refuse_unknown(request, asked)
    if found := unchanged(request, question, state=state):
        return found
    of = pagination.list_of(request.path, asked.model_dump(exclude=_PAGING))
    after = pagination.after(asked.cursor, of=of)
    rows = what.rows(question, asked)
    if asked.format == "csv":
        return marked(_table(asked, question, what, rows), request, question, state=state)
    found_rows = rows(after, asked.limit + 1)
    shown = found_rows[: asked.limit]
    has_more = len(found_rows) > len(shown)
    page = what.page(
        **about(question),
        next=pagination.cursor(after=shown[-1][0], of=of) if has_more else None,
        items=[item for _, item in shown],
    )
    return marked(_json(page), request, question, state=state)


def _refuse_unknown(request: HttpRequest, asked: Asked) -> None:
    """Raises HttpError (422): a filter with a slip in its name must not answer everything."""
    unknown = sorted(set(request.GET) - set(type(asked).model_fields))
    if unknown:
        raise HttpError(422, f"There is no parameter {unknown[0]!r} here.")


def _json(answer: Answer) -> HttpResponse:
    return HttpResponse(answer.model_dump_json(), content_type="application/json; charset=utf-8")


def _table(asked: Asked, question: Question, what: ListAnswer, rows: Rows) -> HttpResponseBase:
    """The whole list, read a page at a time; what a spreadsheet would run is made harmless."""
    if {"limit", "cursor"} & asked.model_fields_set:
        raise HttpError(422, "A table is the whole list, so it takes no limit and no cursor.")
    names = list(what.item.model_fields)
    at = _position_at(question)
    lines = [
        f"{question.inspection.title}: {what.name}",
        f"Position at {wording.clock(at)} on {wording.day(question.on)}",
        *([MADE_UP] if question.inspection.is_synthetic else []),
    ]
    response = StreamingHttpResponse(
        csv_lines(about=lines, head=names, rows=_cells(rows, names)),
        content_type="text/csv; charset=utf-8",
    )
    name = f"{what.name}-{question.on.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cells(rows: Rows, names: Iterable[str]) -> Iterator[list[str]]:
    after, names = 0, list(names)
    while page := rows(after, MOST):
        for _, item in page:
            yield [_cell(getattr(item, name)) for name in names]
        after = page[-1][0]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(str(each) for each in value)
    return value.isoformat() if isinstance(value, date) else str(value)
