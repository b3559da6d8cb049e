"""Signing in and out; every page asks for it; what was typed when a session ended is not lost."""

import time
from collections.abc import Callable

from allauth.account.views import LoginView
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from forces.accounts import resumed_form
from forces.accounts.sign_in_form import SignInForm

TEMPLATE = "registration/login.html"


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """A form sent after the session ended leads to a sign-in page that carries what was typed."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        is_typed = request.method == "POST" and resumed_form.is_kept_for(view_func)
        if is_typed and request.headers.get("X-Autosave"):
            return redirect("login")
        packed = resumed_form.pack(request) if is_typed else ""
        if not packed:
            response: HttpResponseBase = super().handle_no_permission(request, view_func)
            return response
        context = {
            "form": SignInForm(request=request),
            "next": request.get_full_path(),
            "kept": packed,
        }
        return render(request, TEMPLATE, context, status=403)


class SignOutView(LogoutView):
    """Django's, which also has the browser forget the pages that it kept."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


class SignInView(LoginView):
    """allauth's, which goes on to the second factor, and hands on what was typed."""

    form_class = SignInForm
    template_name = TEMPLATE

    def form_valid(self, form: SignInForm) -> HttpResponseBase:
        response: HttpResponseBase = super().form_valid(form)
        if packed := self.request.POST.get("kept"):
            resumed_form.put_into_session(self.request, packed)
        return response

    def get_context_data(self, **context: object) -> dict[str, object]:
        data: dict[str, object] = super().get_context_data(**context)
        typed_into = self.request.POST.get("next") or self.request.GET.get("next", "")
        return data | {"kept": self.request.POST.get("kept", ""), "next": typed_into}


def begin_session(request: HttpRequest) -> None:
    """Stamp a session that has just begun: `session_limits` ends it in time."""
    now = int(time.time())
    request.session["signed_in_at"] = request.session["seen_at"] = now
