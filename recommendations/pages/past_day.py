"""Pages that can show a past day."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpResponse

from forces.http import ReaderRequest
from recommendations.dashboards.past_time import past_time_or_note
from recommendations.page_urls import PAST_DAY_PARAMETER
from recommendations.pages.live import position_time
from recommendations.positions.past_time import AsAt

_Arguments = ParamSpec("_Arguments")


class PastDayRequest(ReaderRequest):
    """A request for a page that can show a past day.

    `past` is None for today. `past_note` is a sentence if the address has a day that is not valid.
    """

    past: AsAt | None
    past_note: str


def time_shown(request: PastDayRequest) -> str:
    """Return the past time that the page shows, or that of its figures now, in words."""
    return request.past.words if request.past else position_time(request.now)


def shows_past_day(
    view: Callable[Concatenate[PastDayRequest, _Arguments], HttpResponse],
) -> Callable[Concatenate[ReaderRequest, _Arguments], HttpResponse]:
    """Let a page show a past day: `?as_at=2020-10-01` is the end of that London day.

    Links to the page keep the day, and above the page it says which day it shows.
    """

    @wraps(view)
    def past_day_view(
        request: PastDayRequest, *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> HttpResponse:
        text = request.GET.get(PAST_DAY_PARAMETER, "")
        request.past, request.past_note = past_time_or_note(text, now=request.now)
        return view(request, *args, **kwargs)

    past_day_view.shows_past_day = True  # type: ignore[attr-defined]
    return past_day_view  # type: ignore[return-value]
