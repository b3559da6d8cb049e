"""A person's own tokens for the API: listed, made (shown once) and revoked."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from forces.models import ApiToken
from forces.refusal import Refusal
from recommendations.actions.api_token import NewToken, make_token, revoke_token
from recommendations.forms.api_token import ApiTokenForm
from recommendations.views.papers import reader_of


@dataclass(frozen=True)
class TokenRow:
    """One token, ready to print."""

    token: ApiToken
    state: str
    is_in_force: bool


@never_cache
@sensitive_variables("made")
@require_http_methods(["GET", "HEAD", "POST"])
def api_tokens(request: HttpRequest) -> HttpResponse:
    """The list and the form; the secret of a new token stands on the answer to the form alone."""
    now = timezone.now()
    if request.method != "POST":
        return _page(request, ApiTokenForm(), at=now)
    form = ApiTokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form, at=now)
    try:
        made = make_token(
            name=form.cleaned_data["name"], lasts=form.lasts, by=reader_of(request), at=now
        )
    except Refusal as refusal:
        form.add_error("name", str(refusal))
        return _page(request, form, at=now)
    return _page(request, ApiTokenForm(), at=now, made=made)


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """One's own only; another's does not exist."""
    token = get_object_or_404(ApiToken, pk=token_id, person=reader_of(request))
    if revoke_token(token=token, by=reader_of(request), at=timezone.now()):
        messages.success(request, f"The token “{token.name}” is revoked. It opens nothing now.")
    else:
        messages.info(request, f"The token “{token.name}” was revoked before.")
    return redirect("api_tokens")


def _page(
    request: HttpRequest, form: ApiTokenForm, *, at: datetime, made: NewToken | None = None
) -> HttpResponse:
    own = ApiToken.objects.filter(person=reader_of(request))
    context = {"form": form, "made": made, "rows": [_row(token, at=at) for token in own]}
    return render(request, "api/tokens.html", context)


def _row(token: ApiToken, *, at: datetime) -> TokenRow:
    is_in_force = token.is_in_force(at=at)
    if is_in_force:
        return TokenRow(token, "In force", is_in_force)
    return TokenRow(token, "Revoked" if token.revoked_at else "Run out", is_in_force)
