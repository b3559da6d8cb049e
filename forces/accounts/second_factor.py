"""Who needs a second factor before using other pages (docs/decisions/0016-sign-in.md)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.deprecation import MiddlewareMixin

from forces.accounts.demonstration_users import may_skip_second_factor
from forces.models import Role, User

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Pattern = TypeVar("Pattern", bound=URLPattern | URLResolver)

ROLES_WITH_FACTOR = frozenset({Role.ANALYST, Role.ADMINISTRATOR})


def is_missing(person: User) -> bool:
    """Whether the person's role needs a second factor that the person does not have.

    A second factor at the single sign-on provider counts for people without a password here.
    """
    has_it_at_provider = person.has_provider_factor and not person.has_usable_password()
    has_one = person.has_second_factor or has_it_at_provider
    return person.role in ROLES_WITH_FACTOR and not has_one


def must_be_set_up(person: User, request: HttpRequest) -> bool:
    """Whether it is missing and this request may not be made without it."""
    return is_missing(person) and not may_skip_second_factor(person, request)


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
    """Redirects people who need one and have none to the page where they set one up.

    Must come after authentication.
    """

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: object
    ) -> HttpResponse | None:
        person = request.user
        if not isinstance(person, User) or not must_be_set_up(person, request):
            return None
        is_public = not getattr(view, "login_required", True)
        if is_public or getattr(view, "second_factor_exempt", False):
            return None
        return redirect("mfa_index")
