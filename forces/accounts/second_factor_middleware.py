"""Redirects people who need a second factor and have none to the page where they set one up."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.deprecation import MiddlewareMixin

from forces.accounts import second_factor
from forces.models import User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Pattern = TypeVar("Pattern", bound=URLPattern | URLResolver)


def second_factor_exempt(view: View) -> View:
    """A view decorator: the view can be used without a second factor."""
    view.second_factor_exempt = True  # type: ignore[attr-defined]
    return view


def exempt_patterns(patterns: Sequence[Pattern]) -> Sequence[Pattern]:
    """Exempt all views of these patterns, such as those to set up a second factor."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            exempt_patterns(pattern.url_patterns)
        else:
            second_factor_exempt(pattern.callback)
    return patterns


class SecondFactorMiddleware(MiddlewareMixin):
    """Must come after authentication."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: object
    ) -> HttpResponse | None:
        person = request.user
        if not isinstance(person, User) or not second_factor.must_be_set_up(person, request):
            return None
        is_public = not getattr(view, "login_required", True)
        if is_public or getattr(view, "second_factor_exempt", False):
            return None
        return redirect("mfa_index")
