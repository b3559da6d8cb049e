"""Types of requests as views receive them, and helpers for views with a form."""

from datetime import datetime

from django.http import HttpRequest, QueryDict
from django.views.decorators.http import require_http_methods

from forces.models import User


class ServiceRequest(HttpRequest):
    """Any request, after the middleware. A type for annotations: Django creates the requests.

    `now` is when the request arrived, an aware UTC instant, set by
    `countylines.middleware`. Its London day is `rules.london_day(request.now)`.
    """

    now: datetime


class ReaderRequest(ServiceRequest):
    """A request from a signed-in person, as all views receive it but `login_not_required` ones."""

    user: User


get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def form_data(request: HttpRequest) -> QueryDict | None:
    """The submitted fields, to bind a form to; None unless the method is POST."""
    return request.POST if request.method == "POST" else None
