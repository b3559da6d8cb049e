"""Signing in and out, and the redirect to the sign-in page."""

from collections.abc import Callable

from allauth.account.views import LoginView
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from forces.accounts import resumed_form
from forces.accounts.sign_in_form import SignInForm

TEMPLATE = "registration/login.html"
LOST_FILES = (
    "You were signed out, so any files that you selected were not uploaded. Sign in and select "
    "them again."
)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Requires a sign-in. After a POST to a long form the sign-in page carries its fields."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if request.get_full_path() == "/":  # so that people land where their role starts
            return redirect("login")
        is_long_form = request.method == "POST" and resumed_form.is_resumable(view_func)
        if is_long_form and request.headers.get("X-Autosave"):
            return redirect("login")
        if request.method == "POST" and request.content_type == "multipart/form-data":
            messages.warning(request, LOST_FILES)
        packed = resumed_form.pack(request) if is_long_form else ""
        if not packed:
            response: HttpResponseBase = super().handle_no_permission(request, view_func)
            return response
        context = {
            "form": SignInForm(request=request),
            "next": request.get_full_path(),
            "resumed_form": packed,
            "typed": resumed_form.texts_in(packed),
        }
        return render(request, TEMPLATE, context, status=403)


class SignOutView(LogoutView):
    """Signs out and tells the browser to clear its cache and what forms have stored."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class SignInView(LoginView):
    """Signs in by password, and stores the packed fields of a form in the new session."""

    form_class = SignInForm
    template_name = TEMPLATE

    def form_valid(self, form: SignInForm) -> HttpResponseBase:
        response: HttpResponseBase = super().form_valid(form)
        if packed := self.request.POST.get("resumed_form"):
            resumed_form.unpack(self.request, packed)
        return response

    def get_context_data(self, **context: object) -> dict[str, object]:
        data: dict[str, object] = super().get_context_data(**context)
        next_url = self.request.POST.get("next") or self.request.GET.get("next", "")
        packed = self.request.POST.get("resumed_form", "")
        typed = resumed_form.texts_in(packed)
        return data | {"resumed_form": packed, "typed": typed, "next": next_url}
