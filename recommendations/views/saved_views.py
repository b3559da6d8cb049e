"""Saved views: listed, saved, changed, deleted, and taken over from colleagues."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from forces.refusal import Refusal
from recommendations.actions.saved_view import change_view, delete_view, save_view
from recommendations.dashboards.addresses import NoSuchView, address_words, kept_address
from recommendations.dashboards.saved_views import own_views, shared_views, shared_with
from recommendations.forms.saved_view import PINNED, SHARED, SavedViewForm
from recommendations.models import SavedView
from recommendations.views.papers import reader_of


@never_cache
@require_safe
def saved_views(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    context = {"own": own_views(reader), "shared": shared_views(reader)}
    return render(request, "views/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def view_save(request: HttpRequest) -> HttpResponse:
    """`?address=` says which page; `?copy=` begins with a colleague's name for it."""
    asked = request.POST if request.method == "POST" else request.GET
    try:
        address = kept_address(asked.get("address", ""))
    except NoSuchView as error:
        return render(request, "views/refused.html", {"text": str(error)}, status=400)
    name = request.GET.get("name", "").replace("\x00", "")[:80]
    form = SavedViewForm(request.POST if request.method == "POST" else None, initial={"name": name})
    if request.method == "POST" and form.is_valid():
        try:
            said: dict[str, Any] = form.said
            save_view(address=address, by=reader_of(request), at=timezone.now(), **said)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"The view “{said['name']}” is saved.")
            return redirect("saved_views")
    context = {"form": form, "address": address, "words": address_words(address)}
    return render(request, "views/save.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def view_change(request: HttpRequest, view_id: int) -> HttpResponse:
    view = _own(request, view_id)
    shown = [word for word, is_so in ((PINNED, view.is_pinned), (SHARED, view.is_shared)) if is_so]
    form = SavedViewForm(
        request.POST if request.method == "POST" else None,
        initial={"name": view.name, "shown": shown},
    )
    if request.method == "POST" and form.is_valid():
        try:
            said: dict[str, Any] = form.said
            change_view(view=view, by=reader_of(request), at=timezone.now(), **said)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"The view “{said['name']}” is changed.")
            return redirect("saved_views")
    context = {"form": form, "view": view, "words": address_words(view.address)}
    return render(request, "views/change.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def view_delete(request: HttpRequest, view_id: int) -> HttpResponse:
    view = _own(request, view_id)
    if request.method != "POST":
        return render(request, "views/delete.html", {"view": view})
    delete_view(view=view, by=reader_of(request), at=timezone.now())
    messages.success(request, f"The view “{view.name}” is deleted.")
    return redirect("saved_views")


@never_cache
@require_safe
def view_open(request: HttpRequest, view_id: int) -> HttpResponse:
    """One's own or a shared one; the address is checked again."""
    reader = reader_of(request)
    found = SavedView.objects.filter(pk=view_id)
    view = found.filter(owner=reader).first() or get_object_or_404(shared_with(reader), pk=view_id)
    try:
        return redirect(kept_address(view.address))
    except NoSuchView as error:
        return render(request, "views/refused.html", {"text": str(error)}, status=400)


def _own(request: HttpRequest, view_id: int) -> SavedView:
    """Another's does not exist."""
    return get_object_or_404(SavedView, pk=view_id, owner=reader_of(request))
