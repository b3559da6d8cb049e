"""Every page asks for a sign-in; what was typed when a session ended is not lost."""

from collections.abc import Callable

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from countylines.account_forms import SignInForm
from forces import kept_text


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """A form sent after the session ended leads to a sign-in page that carries what was typed."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        is_typed = request.method == "POST" and kept_text.is_kept_for(view_func)
        if is_typed and request.headers.get("X-Autosave"):
            return redirect("login")
        packed = kept_text.pack(request) if is_typed else ""
        if not packed:
            response: HttpResponseBase = super().handle_no_permission(request, view_func)
            return response
        context = {"form": SignInForm(request), "next": request.get_full_path(), "kept": packed}
        return render(request, "registration/login.html", context, status=403)


class SignOutView(LogoutView):
    """Django's, which also has the browser forget the pages that it kept."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


class SignInView(LoginView):
    """Django's, which also hands on what was typed."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: SignInForm) -> HttpResponseBase:  # type: ignore[override]
        response = super().form_valid(form)
        if packed := self.request.POST.get("kept"):
            kept_text.put_into_session(self.request, packed)
        return response

    def get_context_data(self, **context: object) -> dict[str, object]:
        return super().get_context_data(**context, kept=self.request.POST.get("kept", ""))
