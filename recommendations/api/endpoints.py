"""The endpoints of the API: GET only, with a person's token."""

from functools import lru_cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema, get_schema

from forces.http import ReaderRequest
from forces.permissions import Permission, may
from recommendations.api import parameters as params
from recommendations.api import querysets, schemas
from recommendations.api.authentication import RateLimitExceeded, TokenAuthentication
from recommendations.api.fragmentation import FragmentationItem, fragmentation
from recommendations.api.responses import (
    ListEndpoint,
    api_query,
    inspection_response,
    list_response,
    summary_response,
)
from recommendations.api.schemas import ListPage

NO_SUMMARY = "You do not have permission to see the national summary."
UNAUTHORIZED = (
    "This address needs a valid token, sent as “Authorization: Bearer clt_…”. "
    "Create one on the page /api/tokens/."
)


class Api(NinjaAPI):
    """Builds its OpenAPI document, which takes 0.1 s, once a process for each prefix."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        return _document(path_prefix or self.get_root_path(path_params or {}))


@lru_cache(maxsize=16)
def _document(path_prefix: str) -> OpenAPISchema:
    return get_schema(api, path_prefix)


api = Api(
    title="County lines recommendations tracker",
    version="1",
    description="The position of police forces and national organisations on the recommendations. "
    "Read only. Send a personal token as `Authorization: Bearer clt_…`; 120 requests a minute. "
    "Addresses of another inspection than the first begin with its own, such as "
    "`/inspections/custody-2025/api/v1/`. "
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
    return _problem(request, params.error_sentences(error.errors), HTTPStatus.UNPROCESSABLE_ENTITY)


def _responses(schema: type[Schema], *problems: int) -> dict[int, Any]:
    return {200: schema, **dict.fromkeys((401, 404, *problems, 429), schemas.Problem)}


def _list_options(endpoint: ListEndpoint, page: type[Schema]) -> dict[str, Any]:
    """Return the arguments of `api.get` that all lists share."""
    csv = {"content": {"text/csv": {"schema": {"type": "string"}}}}
    return {
        "summary": endpoint.name.capitalize(),
        "response": _responses(page, 422),
        "openapi_extra": {"responses": {200: csv, **_NOT_MODIFIED}},
    }


_NOT_MODIFIED: dict[int, Any] = {304: {"description": "Nothing has changed"}}
_BODIES = ListEndpoint("bodies", querysets.bodies, schemas.BodyItem)
_RECOMMENDATIONS = ListEndpoint(
    "recommendations", querysets.recommendations, schemas.RecommendationItem
)
_ASSIGNMENTS = ListEndpoint("assignments", querysets.assignments, schemas.AssignmentItem)
_POSITIONS = ListEndpoint("positions", querysets.positions_at, schemas.PositionItem)
_FLAGS = ListEndpoint("flags", querysets.flags, schemas.FlagItem)
_STEPS = ListEndpoint("steps", querysets.steps, schemas.StepItem)
_RESPONSES = ListEndpoint("responses", querysets.responses, schemas.ResponseItem)
_OUTCOMES = ListEndpoint("outcomes", querysets.outcomes, schemas.OutcomeItem)
_FRAGMENTATION = ListEndpoint("fragmentation", fragmentation, FragmentationItem)
_UPDATES = ListEndpoint("updates", querysets.updates, schemas.UpdateItem)


@api.get(
    "/inspection",
    response=_responses(schemas.Envelope),
    openapi_extra={"responses": _NOT_MODIFIED},
    summary="The inspection",
)
def inspection(request: ReaderRequest) -> HttpResponseBase:
    """The inspection that the data is about, and whether it is demonstration data."""
    return inspection_response(request, api_query(request))


@api.get(
    "/summary",
    response=_responses(schemas.SummaryPage, 422),
    openapi_extra={"responses": _NOT_MODIFIED},
    summary="The national summary",
)
def summary(
    request: ReaderRequest, parameters: Query[params.SummaryParameters]
) -> HttpResponseBase:
    """What the forces have done and have left to do, now or at any past time."""
    if not may(request.user, Permission.SEE_OVERVIEW):
        raise HttpError(404, NO_SUMMARY)
    return summary_response(request, parameters, api_query(request, as_at=parameters.as_at))


@api.get("/bodies", **_list_options(_BODIES, ListPage[schemas.BodyItem]))
def bodies(request: ReaderRequest, parameters: Query[params.ListParameters]) -> HttpResponseBase:
    """The forces and the national organisations."""
    return list_response(request, parameters, api_query(request), _BODIES)


@api.get(
    "/recommendations", **_list_options(_RECOMMENDATIONS, ListPage[schemas.RecommendationItem])
)
def recommendations(
    request: ReaderRequest, parameters: Query[params.ListParameters]
) -> HttpResponseBase:
    """The recommendations of the inspection, with their texts."""
    return list_response(request, parameters, api_query(request), _RECOMMENDATIONS)


@api.get("/assignments", **_list_options(_ASSIGNMENTS, ListPage[schemas.AssignmentItem]))
def assignments(
    request: ReaderRequest, parameters: Query[params.AssignmentParameters]
) -> HttpResponseBase:
    """Each recommendation for each body it is assigned to, with its current position."""
    return list_response(request, parameters, api_query(request), _ASSIGNMENTS)


@api.get("/positions", **_list_options(_POSITIONS, ListPage[schemas.PositionItem]))
def positions(
    request: ReaderRequest, parameters: Query[params.PositionParameters]
) -> HttpResponseBase:
    """The position of every assignment, now or at any past time."""
    query = api_query(request, as_at=parameters.as_at)
    return list_response(request, parameters, query, _POSITIONS)


@api.get("/flags", **_list_options(_FLAGS, ListPage[schemas.FlagItem]))
def flags(request: ReaderRequest, parameters: Query[params.FlagParameters]) -> HttpResponseBase:
    """When each flag was raised, and when it was cleared."""
    query = api_query(request, state=querysets.state_of_flags())
    return list_response(request, parameters, query, _FLAGS)


@api.get("/steps", **_list_options(_STEPS, ListPage[schemas.StepItem]))
def steps(request: ReaderRequest, parameters: Query[params.StepParameters]) -> HttpResponseBase:
    """The dated steps of assignments, now or at any past time."""
    return list_response(request, parameters, api_query(request, as_at=parameters.as_at), _STEPS)


@api.get("/responses", **_list_options(_RESPONSES, ListPage[schemas.ResponseItem]))
def responses(
    request: ReaderRequest, parameters: Query[params.ResponseParameters]
) -> HttpResponseBase:
    """The responses of local policing bodies and national organisations, now or at any past time.

    Local policing bodies are not in the list of bodies: nothing is assigned to them.
    """
    query = api_query(request, as_at=parameters.as_at)
    return list_response(request, parameters, query, _RESPONSES)


@api.get("/outcomes", **_list_options(_OUTCOMES, ListPage[schemas.OutcomeItem]))
def outcomes(
    request: ReaderRequest, parameters: Query[params.OutcomeParameters]
) -> HttpResponseBase:
    """The published figures on outcomes, as they are known now or were at any past time.

    They are not part of the progress. Where nobody collects a figure, `value` is null.
    """
    query = api_query(request, as_at=parameters.as_at)
    return list_response(request, parameters, query, _OUTCOMES)


@api.get("/fragmentation", **_list_options(_FRAGMENTATION, ListPage[FragmentationItem]))
def fragmentation_over_time(
    request: ReaderRequest, parameters: Query[params.PositionParameters]
) -> HttpResponseBase:
    """How fragmented the work is: whether requests across borders are answered, and who waits."""
    query = api_query(request, as_at=parameters.as_at)
    if not may(request.user, Permission.SEE_POSITION):
        raise HttpError(404, NO_SUMMARY)
    return list_response(request, parameters, query, _FRAGMENTATION)


@api.get("/updates", **_list_options(_UPDATES, ListPage[schemas.UpdateItem]))
def updates(request: ReaderRequest, parameters: Query[params.UpdateParameters]) -> HttpResponseBase:
    """The updates that you have permission to see, with the decision of their review."""
    return list_response(request, parameters, api_query(request), _UPDATES)
