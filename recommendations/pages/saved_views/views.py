"""Saved views: listed, saved, changed, deleted, and taken over from colleagues."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest, form_data, get_or_post
from forces.refusal import Refusal
from recommendations.actions.saved_views import change_view, delete_view, save_view
from recommendations.dashboards.saved_views.addresses import NoSuchView, address_words, kept_address
from recommendations.dashboards.saved_views.saved_views import own_views, shared_views, shared_with
from recommendations.models import SavedView
from recommendations.pages.saved_views.forms import PINNED, SHARED, SavedViewForm


@require_safe
def saved_views(request: ReaderRequest) -> HttpResponse:
    reader = request.user
    context = {"own": own_views(reader), "shared": shared_views(reader)}
    return render(request, "saved_views/list.html", context)


@get_or_post
def view_save(request: ReaderRequest) -> HttpResponse:
    """`?address=` says which page; `?copy=` begins with a colleague's name for it."""
    fields = request.POST if request.method == "POST" else request.GET
    try:
        address = kept_address(fields.get("address", ""))
    except NoSuchView as error:
        return render(request, "saved_views/not_saved.html", {"text": str(error)}, status=400)
    name = request.GET.get("name", "").replace("\x00", "")[:80]
    form = SavedViewForm(form_data(request), initial={"name": name})
    if request.method == "POST" and form.is_valid():
        try:
            data: dict[str, Any] = form.said
            save_view(address=address, by=request.user, at=request.now, **data)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"The view “{data['name']}” is saved.")
            return redirect("saved_views")
    context = {"form": form, "address": address, "words": address_words(address)}
    return render(request, "saved_views/save.html", context)


@get_or_post
def view_change(request: ReaderRequest, view_id: int) -> HttpResponse:
    view = _own(request, view_id)
    shown = [word for word, is_so in ((PINNED, view.is_pinned), (SHARED, view.is_shared)) if is_so]
    form = SavedViewForm(
        form_data(request),
        initial={"name": view.name, "shown": shown},
    )
    if request.method == "POST" and form.is_valid():
        try:
            data: dict[str, Any] = form.said
            change_view(view=view, by=request.user, at=request.now, **data)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"The view “{data['name']}” is changed.")
            return redirect("saved_views")
    context = {"form": form, "view": view, "words": address_words(view.address)}
    return render(request, "saved_views/change.html", context)


@get_or_post
def view_delete(request: ReaderRequest, view_id: int) -> HttpResponse:
    view = _own(request, view_id)
    if request.method != "POST":
        return render(request, "saved_views/delete.html", {"view": view})
    delete_view(view=view, by=request.user, at=request.now)
    messages.success(request, f"The view “{view.name}” is deleted.")
    return redirect("saved_views")


@require_safe
def view_open(request: ReaderRequest, view_id: int) -> HttpResponse:
    """One's own or a shared one; the address is checked again."""
    reader = request.user
    found = SavedView.objects.filter(pk=view_id)
    view = found.filter(owner=reader).first() or get_object_or_404(shared_with(reader), pk=view_id)
    try:
        return redirect(kept_address(view.address))
    except NoSuchView as error:
        return render(request, "saved_views/not_saved.html", {"text": str(error)}, status=400)


def _own(request: ReaderRequest, view_id: int) -> SavedView:
    """Another's does not exist."""
    return get_object_or_404(SavedView, pk=view_id, owner=request.user)
