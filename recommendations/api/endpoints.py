"""The endpoints of the API: GET only, with a person's token."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, ValidationError

from forces.http import ReaderRequest
from recommendations.api import querysets
from recommendations.api.authentication import RateLimitExceeded, TokenAuthentication
from recommendations.api.parameters import (
    AssignmentParameters,
    FlagParameters,
    ListParameters,
    PositionParameters,
    UpdateParameters,
    error_sentences,
)
from recommendations.api.responses import (
    ListEndpoint,
    api_query,
    inspection_response,
    list_response,
)
from recommendations.api.schemas import (
    AssignmentItem,
    AssignmentList,
    BodyItem,
    BodyList,
    Envelope,
    FlagItem,
    FlagList,
    PositionItem,
    PositionList,
    Problem,
    RecommendationItem,
    RecommendationList,
    UpdateItem,
    UpdateList,
)

UNAUTHORIZED = (
    "This address needs a valid token, sent as “Authorization: Bearer clt_…”. "
    "Create one on the page /api/tokens/."
)

api = NinjaAPI(
    title="County lines recommendations tracker",
    version="1",
    description="The position of police forces and national organisations on the recommendations. "
    "Read only. Send a personal token as `Authorization: Bearer clt_…`; 120 requests a minute. "
    "Send a response's `ETag` as `If-None-Match` to get 304 if nothing has changed.",
    docs_url=None,
    urls_namespace="api-v1",
    auth=TokenAuthentication(),
)


def _problem(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return api.create_response(request, {"detail": sentence}, status=status)


@api.exception_handler(AuthenticationError)
def _unauthorized(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = _problem(request, UNAUTHORIZED, HTTPStatus.UNAUTHORIZED)
    response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


@api.exception_handler(RateLimitExceeded)
def _too_many_requests(request: HttpRequest, error: RateLimitExceeded) -> HttpResponse:
    response = _problem(request, str(error), HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(error.wait)
    return response


@api.exception_handler(ValidationError)
def _invalid_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _problem(request, error_sentences(error.errors), HTTPStatus.UNPROCESSABLE_ENTITY)


def _responses(schema: type[Schema], *problems: int) -> dict[int, Any]:
    return {200: schema, **dict.fromkeys((401, 404, *problems, 429), Problem)}


def _list_options(summary: str, schema: type[Schema]) -> dict[str, Any]:
    """Return the arguments of `api.get` that all lists share."""
    csv = {"content": {"text/csv": {"schema": {"type": "string"}}}}
    return {
        "summary": summary,
        "response": _responses(schema, 422),
        "openapi_extra": {"responses": {200: csv, **_NOT_MODIFIED}},
    }


_NOT_MODIFIED: dict[int, Any] = {304: {"description": "Nothing has changed"}}
_BODIES = ListEndpoint(name="bodies", rows=querysets.bodies, item=BodyItem, page=BodyList)
_RECOMMENDATIONS = ListEndpoint(
    name="recommendations",
    rows=querysets.recommendations,
    item=RecommendationItem,
    page=RecommendationList,
)
_ASSIGNMENTS = ListEndpoint(
    name="assignments", rows=querysets.assignments, item=AssignmentItem, page=AssignmentList
)
_POSITIONS = ListEndpoint(
    name="positions", rows=querysets.positions_at, item=PositionItem, page=PositionList
)
_FLAGS = ListEndpoint(name="flags", rows=querysets.flags, item=FlagItem, page=FlagList)
_UPDATES = ListEndpoint(name="updates", rows=querysets.updates, item=UpdateItem, page=UpdateList)


@api.get(
    "/inspection",
    response=_responses(Envelope),
    openapi_extra={"responses": _NOT_MODIFIED},
    summary="The inspection",
)
def inspection(request: ReaderRequest) -> HttpResponseBase:
    """The inspection that the data is about, and whether it is demonstration data."""
    return inspection_response(request, api_query(request))


@api.get("/bodies", **_list_options("Bodies", BodyList))
def bodies(request: ReaderRequest, parameters: Query[ListParameters]) -> HttpResponseBase:
    """The forces and the national organisations."""
    return list_response(request, parameters, api_query(request), _BODIES)


@api.get("/recommendations", **_list_options("Recommendations", RecommendationList))
def recommendations(request: ReaderRequest, parameters: Query[ListParameters]) -> HttpResponseBase:
    """The recommendations of the inspection, with their texts."""
    return list_response(request, parameters, api_query(request), _RECOMMENDATIONS)


@api.get("/assignments", **_list_options("Assignments", AssignmentList))
def assignments(
    request: ReaderRequest, parameters: Query[AssignmentParameters]
) -> HttpResponseBase:
    """Each recommendation for each body it is assigned to, with its current position."""
    return list_response(request, parameters, api_query(request), _ASSIGNMENTS)


@api.get("/positions", **_list_options("Positions", PositionList))
def positions(request: ReaderRequest, parameters: Query[PositionParameters]) -> HttpResponseBase:
    """The position of every assignment, now or at any past time."""
    query = api_query(request, as_at=parameters.as_at)
    return list_response(request, parameters, query, _POSITIONS)


@api.get("/flags", **_list_options("Flags", FlagList))
def flags(request: ReaderRequest, parameters: Query[FlagParameters]) -> HttpResponseBase:
    """When each flag was raised, and when it was cleared."""
    state = querysets.state_of_flags()
    return list_response(request, parameters, api_query(request), _FLAGS, state=state)


@api.get("/updates", **_list_options("Updates", UpdateList))
def updates(request: ReaderRequest, parameters: Query[UpdateParameters]) -> HttpResponseBase:
    """The updates that you have permission to see, with the decision of their review."""
    return list_response(request, parameters, api_query(request), _UPDATES)
