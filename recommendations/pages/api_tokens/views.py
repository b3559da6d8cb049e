"""The page of a person's own API tokens."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from forces.http import ReaderRequest, form_data, get_or_post
from forces.models import ApiToken
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations.actions.api_tokens import NewToken, create_token, revoke_token
from recommendations.pages.api_tokens.forms import ApiTokenForm


@dataclass(frozen=True)
class TokenRow:
    token: ApiToken
    state: str
    is_in_force: bool


@sensitive_variables("new_token")
@get_or_post
@requires(Permission.SEE_POSITION)
def api_tokens(request: ReaderRequest) -> HttpResponse:
    """The tokens and the form. Only the response to the form shows a new token's secret."""
    form = ApiTokenForm(form_data(request))
    if not form.is_valid():
        return _page(request, form)
    try:
        new_token = create_token(
            name=form.cleaned_data["name"], lasts=form.lasts, by=request.user, at=request.now
        )
    except Refusal as refusal:
        form.add_error("name", str(refusal))
        return _page(request, form)
    return _page(request, ApiTokenForm(), new_token=new_token)


@require_POST
@requires(Permission.SEE_POSITION)
def revoke(request: ReaderRequest, token_id: int) -> HttpResponse:
    """Revoke an own token. Other people's tokens are not found."""
    token = get_object_or_404(ApiToken, pk=token_id, person=request.user)
    if revoke_token(token=token, by=request.user, at=request.now):
        messages.success(request, f"The token “{token.name}” has been revoked.")
    else:
        messages.info(request, f"The token “{token.name}” had already been revoked.")
    return redirect("api_tokens")


def _page(
    request: ReaderRequest, form: ApiTokenForm, *, new_token: NewToken | None = None
) -> HttpResponse:
    rows = [_row(token, at=request.now) for token in ApiToken.objects.filter(person=request.user)]
    context = {"form": form, "new_token": new_token, "rows": rows}
    return render(request, "api_tokens/tokens.html", context)


def _row(token: ApiToken, *, at: datetime) -> TokenRow:
    if token.is_in_force(at=at):
        return TokenRow(token, "Valid", is_in_force=True)
    return TokenRow(token, "Revoked" if token.revoked_at else "Expired", is_in_force=False)
