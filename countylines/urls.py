"""The URLs of the project."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.urls import include, path
from django.views.generic import TemplateView

from countylines.views import security_txt
from recommendations.retention.rules_table import RULES

handler400 = "countylines.views.bad_request"
handler500 = "countylines.views.server_error"
handler403 = "countylines.views.forbidden"
handler404 = "countylines.views.not_found"


def _public(template: str, **context: object) -> Callable[..., HttpResponseBase]:
    """A page without data that needs no sign-in."""
    view: Callable[..., HttpResponseBase] = TemplateView.as_view(
        template_name=template, extra_context=context
    )
    return login_not_required(view)


urlpatterns = [
    path("", include("recommendations.urls")),
    path("accounts/", include("forces.accounts.urls")),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    path("accessibility/", _public("information/accessibility.html"), name="accessibility"),
    path("cookies/", _public("information/cookies.html"), name="cookies"),
    path("privacy/", _public("information/privacy.html", rules=RULES), name="privacy"),
    path("help/", _public("information/help.html"), name="help"),
    path("security/", _public("information/security.html"), name="security"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
]
