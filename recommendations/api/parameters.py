"""What an address of the API may ask for, and the sentence for what makes no sense."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import BeforeValidator, ConfigDict

from recommendations.dashboards.past_time import read_time
from recommendations.rules import Flag, Status, start_of_day

MOST = 500  # rows on one page
_FIRST, _LAST = date(1900, 1, 1), date(2200, 1, 1)


def _read_day(text: Any) -> date:
    on = date.fromisoformat(str(text))
    if not _FIRST <= on <= _LAST:
        raise ValueError
    return on


def _read_instant(text: Any) -> datetime:
    try:
        read = read_time(str(text))
    except OverflowError:
        raise ValueError from None
    if not _FIRST <= read.on <= _LAST:
        raise ValueError
    return read.at or start_of_day(read.on)


Day = Annotated[date, BeforeValidator(_read_day)]
Instant = Annotated[datetime, BeforeValidator(_read_instant)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
Number = Annotated[int, Field(ge=1, le=32_767)]


class Asked(Schema):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(100, ge=1, le=MOST, description="Rows on one page")
    cursor: str | None = Field(None, max_length=400, description="`next` of the page before")
    format: Literal["json", "csv"] = Field(
        "json", description="`csv` answers the whole list as a table, without pages"
    )


class OfBody(Asked):
    body: Slug | None = Field(None, description="Slug of a body")


class AssignmentsAsked(OfBody):
    recommendation: Number | None = Field(None, description="Number of a recommendation")
    status: Status | None = Field(None, description=f"One of {', '.join(Status.values)}")
    flag: Flag | None = Field(None, description=f"One of {', '.join(Flag.values)}")


class PositionsAsked(Asked):
    as_at: str = Field(
        "",
        max_length=40,
        description="A London day (its end) or an instant that has passed; without it, now",
    )


class FlagsAsked(OfBody):
    since: Day | None = Field(None, description="Those that stood on this London day or later")
    until: Day | None = Field(None, description="Those that stood on this London day or earlier")


class UpdatesAsked(OfBody):
    recommendation: Number | None = Field(None, description="Number of a recommendation")
    since: Instant | None = Field(
        None, description="Those submitted at this instant, or from this London day, or later"
    )


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "int_parsing": lambda _: "must be a whole number",
    "greater_than_equal": lambda context: f"must be {context['ge']} or more",
    "less_than_equal": lambda context: f"must be {context['le']} or less",
    "literal_error": lambda context: f"must be {context['expected']}",
    "enum": lambda context: f"must be {context['expected']}",
    "string_too_long": lambda context: f"must have {context['max_length']} characters or fewer",
    "string_pattern_mismatch": lambda _: (
        "must be the slug of a body: small letters, digits and hyphens"
    ),
    "value_error": lambda _: "must be a real date, such as 2026-11-24",
}


def sentences(errors: list[dict[str, Any]]) -> str:
    """What is wrong with the parameters, one sentence each."""
    return " ".join(_sentence(error) for error in errors)


def _sentence(error: dict[str, Any]) -> str:
    name = str(error["loc"][-1])
    if error["type"] == "extra_forbidden":
        return f"There is no parameter {name!r} here."
    say = _SENTENCES.get(error["type"])
    what = say(error.get("ctx", {})) if say else "makes no sense"
    return f"{name} {what}."
