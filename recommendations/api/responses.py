"""The responses of the API: JSON, a page of a list as JSON, a list as CSV, or 304."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from ninja import Schema
from ninja.errors import HttpError

from forces.http import ReaderRequest
from recommendations import rules
from recommendations.api import querysets
from recommendations.api.parameters import MAX_PAGE_SIZE, ListParameters, SummaryParameters
from recommendations.api.querysets import ApiQuery, FetchRows, ListRows
from recommendations.api.schemas import Envelope, InspectionItem, ListPage, SummaryPage
from recommendations.dashboards.past_time import InvalidPastTime, parse_past_time
from recommendations.exports.csv_file import csv_lines
from recommendations.exports.export import DEMONSTRATION_NOTICE, dated_file_name
from recommendations.models import Inspection

_signer = Signer(salt="recommendations.api.pagination")  # nobody can forge a cursor
_PAGING = {"limit", "cursor", "format"}


@dataclass(frozen=True)
class ListEndpoint:
    """One list of the API: its rows, and the schema of a row."""

    name: str
    rows: ListRows
    item: type[Schema]


def api_query(request: ReaderRequest, *, as_at: str = "", state: str = "") -> ApiQuery:
    """Return the query of a request.

    `state` is a text that changes with the response where the inspection's revision does not.
    Raises HttpError: 404 without an inspection, 422 for a time that is invalid or not past.
    """
    inspection = Inspection.objects.current()
    if inspection is None:
        raise HttpError(404, "No inspection is loaded yet.")
    try:
        as_at_time = parse_past_time(as_at, now=request.now)
    except InvalidPastTime as error:
        raise HttpError(422, str(error)) from None
    return ApiQuery(
        reader=request.user,
        inspection=inspection,
        now=request.now,
        as_at=as_at_time,
        etag=_etag(request, inspection, state),
    )


def inspection_response(request: HttpRequest, query: ApiQuery) -> HttpResponseBase:
    return _not_modified(request, query) or _cacheable(_json(Envelope(**_envelope(query))), query)


def summary_response(
    request: HttpRequest, parameters: SummaryParameters, query: ApiQuery
) -> HttpResponseBase:
    """Return the national summary, or 304 if the client has it already."""
    _refuse_unknown(request, parameters)
    return _not_modified(request, query) or _cacheable(
        _json(SummaryPage(**_envelope(query), **querysets.summary(query))), query
    )


def list_response(
    request: HttpRequest, parameters: ListParameters, query: ApiQuery, endpoint: ListEndpoint
) -> HttpResponseBase:
    """Return a page as JSON or the whole list as CSV; 304 if the client has it already."""
    _refuse_unknown(request, parameters)
    if response := _not_modified(request, query):
        return response
    list_id = _list_id(request.path, parameters.model_dump(exclude=_PAGING))
    after = _key_in(parameters.cursor, of=list_id)
    fetch = endpoint.rows(query, parameters)
    if parameters.format == "csv":
        return _cacheable(_csv(parameters, query, endpoint, fetch), query)
    rows = fetch(after, parameters.limit + 1)
    shown = rows[: parameters.limit]
    has_more = len(rows) > len(shown)
    page = ListPage(
        **_envelope(query),
        next=_signer.sign_object([shown[-1][0], list_id]) if has_more else None,
        items=[item for _, item in shown],
    )
    return _cacheable(_json(page), query)


def _list_id(path: str, filters: dict[str, object]) -> str:
    """Return a short id of one list: a hash of its path and filters."""
    text = repr((path, sorted((name, str(value)) for name, value in filters.items())))
    return sha256(text.encode()).hexdigest()[:16]


def _key_in(cursor: str | None, *, of: str) -> int:
    """Return the key of the row that a cursor stands after in the list with the id `of`.

    0 without a cursor. Raises HttpError (422) if the cursor is not valid.
    """
    if not cursor:
        return 0
    try:
        key, list_id = _signer.unsign_object(cursor)
    except (BadSignature, ValueError, TypeError, UnicodeError):
        key, list_id = 0, ""
    if list_id != of:
        raise HttpError(
            422,
            "The cursor does not belong to this list. Leave it out to start again, and keep the "
            "other parameters the same from page to page.",
        )
    return int(key)


def _envelope(query: ApiQuery) -> dict[str, Any]:
    """Return the fields of `schemas.Envelope`."""
    inspection = query.inspection
    return {
        "inspection": InspectionItem.from_orm(inspection),
        "position_on": query.on,
        "position_at": _position_at(query),
        "is_synthetic": inspection.is_synthetic,
        "notice": DEMONSTRATION_NOTICE if inspection.is_synthetic else "",
    }


def _position_at(query: ApiQuery) -> datetime:
    return query.as_at.before - timedelta(microseconds=1) if query.as_at else query.now


def _not_modified(request: HttpRequest, query: ApiQuery) -> HttpResponseBase | None:
    """Return 304 if the client has this response already."""
    response = get_conditional_response(request, etag=query.etag)
    return _cacheable(response, query) if response else None


def _cacheable(response: HttpResponseBase, query: ApiQuery) -> HttpResponseBase:
    """Let the client, and nobody else, store the response and ask whether it has changed."""
    response["ETag"] = query.etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _etag(request: ReaderRequest, inspection: Inspection, state: str) -> str:
    reader = request.user
    parts = (
        settings.RELEASE,
        settings.BASE_URL,
        (inspection.pk, inspection.revision, str(inspection.published_on), inspection.title),
        str(rules.london_day(request.now)),
        (reader.pk, reader.role, reader.body_id),
        request.get_full_path(),
        state,
    )
    return f'W/"{sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _refuse_unknown(request: HttpRequest, parameters: ListParameters | SummaryParameters) -> None:
    """Raise HttpError (422) for an unknown parameter: a misspelt filter must not be ignored."""
    unknown = sorted(set(request.GET) - set(type(parameters).model_fields))
    if unknown:
        raise HttpError(422, f"There is no parameter {unknown[0]!r} here.")


def _json(content: Envelope) -> HttpResponse:
    return HttpResponse(content.model_dump_json(), content_type="application/json; charset=utf-8")


def _csv(
    parameters: ListParameters, query: ApiQuery, endpoint: ListEndpoint, fetch: FetchRows
) -> HttpResponseBase:
    """Stream the whole list, read a page at a time and safe to open in a spreadsheet."""
    if {"limit", "cursor"} & parameters.model_fields_set:
        raise HttpError(422, "A CSV file is the whole list, so it takes no limit and no cursor.")
    names = list(endpoint.item.model_fields)
    more = {
        "position_on": query.on,
        "position_at": _position_at(query),
        "is_synthetic": query.inspection.is_synthetic,
    }
    cells = [_csv_cell(value) for value in more.values()]
    name = dated_file_name(endpoint.name, query.inspection, on=query.on, kind="csv")
    return StreamingHttpResponse(
        csv_lines(head=[*names, *more], rows=([*row, *cells] for row in _csv_rows(fetch, names))),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _csv_rows(fetch: FetchRows, names: list[str]) -> Iterator[list[str]]:
    after = 0
    while page := fetch(after, MAX_PAGE_SIZE):
        for _, item in page:
            yield [_csv_cell(getattr(item, name)) for name in names]
        after = page[-1][0]


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    return value.isoformat() if isinstance(value, date) else str(value)
