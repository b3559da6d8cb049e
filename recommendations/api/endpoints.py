"""What can be asked of the API: GET only, each with a person's token."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import NinjaAPI, Query, Schema
from ninja.errors import AuthenticationError, ValidationError

from forces.http import ReaderRequest
from recommendations.api import querysets
from recommendations.api.authentication import Bearer, TooMany
from recommendations.api.parameters import (
    Asked,
    AssignmentsAsked,
    FlagsAsked,
    PositionsAsked,
    UpdatesAsked,
    sentences,
)
from recommendations.api.responses import ListAnswer, about, listed, question_of, unchanged, whole
from recommendations.api.schemas import (
    Answer,
    AssignmentItem,
    AssignmentPage,
    BodyItem,
    BodyPage,
    FlagItem,
    FlagPage,
    PositionItem,
    PositionPage,
    Problem,
    RecommendationItem,
    RecommendationPage,
    UpdateItem,
    UpdatePage,
)

UNAUTHORIZED = (
    "This address needs a token that is in force, sent as “Authorization: Bearer clt_…”. "
    "Make one on the page /api/tokens/."
)

api = NinjaAPI(
    title="County lines recommendations tracker",
    version="1",
    description="How the police forces and the national bodies stand on the recommendations. "
    "Read only. Send a personal token as `Authorization: Bearer clt_…`; 120 requests a minute. "
    "Send back an answer's `ETag` as `If-None-Match` and get 304 where nothing has changed.",
    docs_url=None,
    urls_namespace="api-v1",
    auth=Bearer(),
)


def _problem(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return api.create_response(request, {"detail": sentence}, status=status)


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = _problem(request, UNAUTHORIZED, HTTPStatus.UNAUTHORIZED)
    response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


@api.exception_handler(TooMany)
def _too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    response = _problem(request, str(error), HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(error.wait)
    return response


@api.exception_handler(ValidationError)
def _makes_no_sense(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return _problem(request, sentences(error.errors), HTTPStatus.UNPROCESSABLE_ENTITY)


def _answers(schema: type[Schema], *problems: int) -> dict[int, Any]:
    return {200: schema, **dict.fromkeys((401, 404, *problems, 429), Problem)}


_UNCHANGED: dict[int, Any] = {304: {"description": "Nothing has changed"}}
_ONE = {"responses": _UNCHANGED}
_LIST = {
    "responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **_UNCHANGED}
}


@api.get("/inspection", response=_answers(Answer), openapi_extra=_ONE, summary="The inspection")
def inspection(request: ReaderRequest) -> HttpResponseBase:
    """Which inspection this is about, and whether its data are made up."""
    question = question_of(request)
    found = unchanged(request, question)
    return found or whole(request, question, Answer(**about(question)))


@api.get("/bodies", response=_answers(BodyPage, 422), openapi_extra=_LIST, summary="Bodies")
def bodies(request: ReaderRequest, asked: Query[Asked]) -> HttpResponseBase:
    """The forces and the national bodies."""
    what = ListAnswer(name="bodies", rows=querysets.bodies, item=BodyItem, page=BodyPage)
    return listed(request, asked, question_of(request), what)


@api.get(
    "/recommendations",
    response=_answers(RecommendationPage, 422),
    openapi_extra=_LIST,
    summary="Recommendations",
)
def recommendations(request: ReaderRequest, asked: Query[Asked]) -> HttpResponseBase:
    """The recommendations of the inspection, with their texts."""
    what = ListAnswer(
        name="recommendations",
        rows=querysets.recommendations,
        item=RecommendationItem,
        page=RecommendationPage,
    )
    return listed(request, asked, question_of(request), what)


@api.get(
    "/assignments",
    response=_answers(AssignmentPage, 422),
    openapi_extra=_LIST,
    summary="Assignments",
)
def assignments(request: ReaderRequest, asked: Query[AssignmentsAsked]) -> HttpResponseBase:
    """Each recommendation as it binds each body, as it stands now."""
    what = ListAnswer(
        name="assignments", rows=querysets.assignments, item=AssignmentItem, page=AssignmentPage
    )
    return listed(request, asked, question_of(request), what)


@api.get(
    "/positions",
    response=_answers(PositionPage, 422),
    openapi_extra=_LIST,
    summary="Positions",
)
def positions(request: ReaderRequest, asked: Query[PositionsAsked]) -> HttpResponseBase:
    """How every assignment stood at any past time, from the history; or stands now."""
    what = ListAnswer(
        name="positions", rows=querysets.positions_then, item=PositionItem, page=PositionPage
    )
    return listed(request, asked, question_of(request, as_at=asked.as_at), what)


@api.get("/flags", response=_answers(FlagPage, 422), openapi_extra=_LIST, summary="Flags")
def flags(request: ReaderRequest, asked: Query[FlagsAsked]) -> HttpResponseBase:
    """When each flag was raised, and when it was cleared."""
    what = ListAnswer(name="flags", rows=querysets.flags, item=FlagItem, page=FlagPage)
    question = question_of(request)
    return listed(request, asked, question, what, state=querysets.state_of_flags())


@api.get("/updates", response=_answers(UpdatePage, 422), openapi_extra=_LIST, summary="Updates")
def updates(request: ReaderRequest, asked: Query[UpdatesAsked]) -> HttpResponseBase:
    """What the bodies whose papers you may read have sent, and how it was reviewed."""
    what = ListAnswer(name="updates", rows=querysets.updates, item=UpdateItem, page=UpdatePage)
    return listed(request, asked, question_of(request), what)
