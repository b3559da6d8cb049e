"""Requests as the views of this service receive them, and what every view with a form needs."""

from datetime import datetime

from django.http import HttpRequest, QueryDict
from django.views.decorators.http import require_http_methods

from forces.models import User


class ServiceRequest(HttpRequest):
    """Any request, after the middleware. A type for views: Django makes the requests.

    `now` is when the request arrived, an aware UTC instant: the one clock of the request
    (`countylines.middleware.request_clock`). Its London day is `rules.london_day(request.now)`.
    """

    now: datetime


class ReaderRequest(ServiceRequest):
    """A request of somebody signed in, as every view has it that is not `login_not_required`."""

    user: User


get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def form_data(request: HttpRequest) -> QueryDict | None:
    """The fields of a POST, to bind a form with; None for a visit, which shows an empty form."""
    return request.POST if request.method == "POST" else None
