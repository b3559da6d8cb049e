"""Whoever needs a second factor and has none is led to adding one, and nowhere else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from forces.accounts import second_factor
from forces.accounts.demonstration_users import may_skip_second_factor
from forces.models import User


def does_not_need_second_factor(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Marks a view that is open to whoever has proved a password alone."""
    view.needs_no_second_factor = True  # type: ignore[attr-defined]
    return view


class SecondFactorMiddleware:
    """Stands behind authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: object
    ) -> HttpResponse | None:
        person = request.user
        if not isinstance(person, User) or not second_factor.is_missing(person):
            return None
        if not getattr(view, "login_required", True):
            return None
        if getattr(view, "needs_no_second_factor", False):
            return None
        if may_skip_second_factor(person, request):
            return None
        return redirect("mfa_index")
