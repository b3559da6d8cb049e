"""The query parameters of the API, and the error sentences for invalid ones."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError

from recommendations.dashboards.past_time import parse_time
from recommendations.date_texts import read_day
from recommendations.models import Indicator
from recommendations.references import is_reference
from recommendations.rules import Flag, Status, start_of_day

MAX_PAGE_SIZE = 500  # rows
_EARLIEST_DAY, _LATEST_DAY = date(1900, 1, 1), date(2200, 1, 1)


def _parse_day(text: Any) -> date:
    on = read_day(str(text))
    if not _EARLIEST_DAY <= on <= _LATEST_DAY:
        raise ValueError
    return on


def _parse_instant(text: Any) -> datetime:
    try:
        time = parse_time(str(text))
    except OverflowError:
        raise ValueError from None
    if not _EARLIEST_DAY <= time.on <= _LATEST_DAY:
        raise ValueError
    return time.at or start_of_day(time.on)


def _parse_reference(text: str) -> str:
    reference = text.lower()
    if not is_reference(reference):
        raise PydanticCustomError("reference", "not a reference")
    return reference


Day = Annotated[date, BeforeValidator(_parse_day)]
Instant = Annotated[datetime, BeforeValidator(_parse_instant)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
Reference = Annotated[str, AfterValidator(_parse_reference)]


class ListParameters(Schema):
    """The parameters of every list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(100, ge=1, le=MAX_PAGE_SIZE, description="Rows on one page")
    cursor: str | None = Field(None, max_length=400, description="`next` of the previous page")
    format: Literal["json", "csv"] = Field(
        "json", description="`csv` returns the whole list as a table, without pages"
    )


class BodyParameters(ListParameters):
    body: Slug | None = Field(None, description="Slug of a body")


class AssignmentParameters(BodyParameters):
    recommendation: Reference | None = Field(
        None, description="Reference of a recommendation, such as 5 or 5a"
    )
    status: Status | None = Field(None, description=f"One of {', '.join(Status.values)}")
    flag: Flag | None = Field(None, description=f"One of {', '.join(Flag.values)}")


AsAtText = Annotated[
    str,
    Field(
        max_length=40,
        description="A past London day (its end) or instant. Leave it out for the position now",
    ),
]


class SummaryParameters(Schema):
    """The parameters of the national summary."""

    model_config = ConfigDict(extra="forbid")

    as_at: AsAtText = ""


class PositionParameters(ListParameters):
    as_at: AsAtText = ""


class ResponseParameters(ListParameters):
    body: Slug | None = Field(None, description="Slug of a body or local policing body")
    as_at: AsAtText = ""


class OutcomeParameters(ListParameters):
    indicator: Indicator | None = Field(None, description=f"One of {', '.join(Indicator.values)}")
    as_at: AsAtText = ""


class StepParameters(BodyParameters):
    recommendation: Reference | None = Field(
        None, description="Reference of a recommendation, such as 5 or 5a"
    )
    as_at: AsAtText = ""


class FlagParameters(BodyParameters):
    since: Day | None = Field(None, description="Flags in force on this London day or later")
    until: Day | None = Field(None, description="Flags in force on this London day or earlier")


class UpdateParameters(BodyParameters):
    recommendation: Reference | None = Field(
        None, description="Reference of a recommendation, such as 5 or 5a"
    )
    since: Instant | None = Field(
        None, description="Updates submitted at or after this instant, or from this London day on"
    )


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "int_parsing": lambda _: "must be a whole number",
    "greater_than_equal": lambda context: f"must be {context['ge']} or more",
    "less_than_equal": lambda context: f"must be {context['le']} or less",
    "literal_error": lambda context: f"must be {context['expected']}",
    "enum": lambda context: f"must be {context['expected']}",
    "string_too_long": lambda context: f"must have {context['max_length']} characters or fewer",
    "string_pattern_mismatch": lambda _: (
        "must be the slug of a body: lower case letters, digits and hyphens"
    ),
    "reference": lambda _: (
        "must be the number of a recommendation, such as 5, or a part, such as 5a"
    ),
    "value_error": lambda _: "must be a real date, such as 2026-11-24",
}


def error_sentences(errors: list[dict[str, Any]]) -> str:
    """Return one sentence for each invalid parameter."""
    return " ".join(_error_sentence(error) for error in errors)


def _error_sentence(error: dict[str, Any]) -> str:
    name = str(error["loc"][-1])
    if error["type"] == "extra_forbidden":
        return f"There is no parameter {name!r} here."
    predicate = _SENTENCES.get(error["type"])
    return f"{name} {predicate(error.get('ctx', {})) if predicate else 'is not valid'}."
