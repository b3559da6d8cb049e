"""A person's own tokens for the API: listed, made (shown once) and revoked."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from forces.http import ReaderRequest, get_or_post
from forces.models import ApiToken
from forces.refusal import Refusal
from recommendations.actions.api_tokens import NewToken, make_token, revoke_token
from recommendations.pages.api_tokens.forms import ApiTokenForm


@dataclass(frozen=True)
class TokenRow:
    """One token, ready to print."""

    token: ApiToken
    state: str
    is_in_force: bool


@sensitive_variables("made")
@get_or_post
def api_tokens(request: ReaderRequest) -> HttpResponse:
    """The list and the form; the secret of a new token stands on the answer to the form alone."""
    if request.method != "POST":
        return _page(request, ApiTokenForm())
    form = ApiTokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        made = make_token(
            name=form.cleaned_data["name"], lasts=form.lasts, by=request.user, at=request.now
        )
    except Refusal as refusal:
        form.add_error("name", str(refusal))
        return _page(request, form)
    return _page(request, ApiTokenForm(), made=made)


@require_POST
def revoke(request: ReaderRequest, token_id: int) -> HttpResponse:
    """One's own only; another's does not exist."""
    token = get_object_or_404(ApiToken, pk=token_id, person=request.user)
    if revoke_token(token=token, by=request.user, at=request.now):
        messages.success(request, f"The token “{token.name}” is revoked. It opens nothing now.")
    else:
        messages.info(request, f"The token “{token.name}” was revoked before.")
    return redirect("api_tokens")


def _page(
    request: ReaderRequest, form: ApiTokenForm, *, made: NewToken | None = None
) -> HttpResponse:
    own = ApiToken.objects.filter(person=request.user)
    context = {"form": form, "made": made, "rows": [_row(token, at=request.now) for token in own]}
    return render(request, "api_tokens/tokens.html", context)


def _row(token: ApiToken, *, at: datetime) -> TokenRow:
    is_in_force = token.is_in_force(at=at)
    if is_in_force:
        return TokenRow(token, "In force", is_in_force)
    return TokenRow(token, "Revoked" if token.revoked_at else "Run out", is_in_force)
