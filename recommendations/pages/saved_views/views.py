"""Saved views: the list, and saving, opening, changing and deleting one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest, form_data, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations.actions.saved_views import change_view, delete_view, save_view
from recommendations.dashboards.saved_views import addresses
from recommendations.dashboards.saved_views.addresses import UnsaveableAddress
from recommendations.dashboards.saved_views.moving_days import (
    PARAMETERS,
    address_words_of,
    resolved_address,
)
from recommendations.dashboards.saved_views.saved_views import own_views, shared_views, shared_with
from recommendations.models import SavedView
from recommendations.models.saved_view import NAME_LENGTH
from recommendations.pages.saved_views.forms import PINNED, SHARED, SavedViewForm
from recommendations.rules import london_day


@require_safe
@requires(Permission.SEE_POSITION)
def saved_views(request: ReaderRequest) -> HttpResponse:
    reader = request.user
    context = {"own": own_views(reader), "shared": shared_views(reader)}
    return render(request, "saved_views/list.html", context)


@get_or_post
@requires(Permission.SEE_POSITION)
def view_save(request: ReaderRequest) -> HttpResponse:
    """Saves the page at `address`; a copy of a colleague's view starts with its `name`."""
    fields = request.POST if request.method == "POST" else request.GET
    try:
        address = addresses.saveable_address(fields.get("address", ""))
    except UnsaveableAddress as error:
        return _not_saved(request, error)
    name = request.GET.get("name", "").replace("\x00", "")[:NAME_LENGTH]
    initial = {"name": name} | {day: request.GET.get(day, "") for day in PARAMETERS}
    form = SavedViewForm(form_data(request), address=address, initial=initial)
    if form.is_valid():
        try:
            view = save_view(address=address, by=request.user, at=request.now, **form.answers)
            return _list_with_message(request, f"View “{view.name}” saved.")
        except Refusal as refusal:
            form.add_error("name", str(refusal))
    context = {"form": form, "address": address, "words": addresses.address_words(address)}
    return render(request, "saved_views/save.html", context)


@get_or_post
@requires(Permission.SEE_POSITION)
def view_change(request: ReaderRequest, view_id: int) -> HttpResponse:
    view = _own_view(request, view_id)
    places = {PINNED: view.is_pinned, SHARED: view.is_shared}
    shown = [place for place, is_shown in places.items() if is_shown]
    initial = view.moving_days | {"name": view.name, "shown": shown}
    form = SavedViewForm(form_data(request), address=view.address, initial=initial)
    if form.is_valid():
        try:
            view = change_view(view=view, by=request.user, at=request.now, **form.answers)
            return _list_with_message(request, f"View “{view.name}” changed.")
        except Refusal as refusal:
            form.add_error("name", str(refusal))
    context = {"form": form, "view": view, "words": address_words_of(view)}
    return render(request, "saved_views/change.html", context)


@get_or_post
@requires(Permission.SEE_POSITION)
def view_delete(request: ReaderRequest, view_id: int) -> HttpResponse:
    view = _own_view(request, view_id)
    if request.method != "POST":
        return render(request, "saved_views/delete.html", {"view": view})
    delete_view(view=view, by=request.user, at=request.now)
    return _list_with_message(request, f"View “{view.name}” deleted.")


@require_safe
@requires(Permission.SEE_POSITION)
def view_open(request: ReaderRequest, view_id: int) -> HttpResponse:
    """Opens the reader's own or a shared view, with its days as of today, at a checked address."""
    reader = request.user
    own = SavedView.objects.filter(pk=view_id, owner=reader).first()
    view = own or get_object_or_404(shared_with(reader), pk=view_id)
    try:
        address = addresses.saveable_address(view.address)
    except UnsaveableAddress as error:
        return _not_saved(request, error)
    today = london_day(request.now)
    return redirect(resolved_address(address, view.moving_days, today=today))


def _list_with_message(request: ReaderRequest, message: str) -> HttpResponse:
    messages.success(request, message)
    return redirect("saved_views")


def _not_saved(request: ReaderRequest, error: UnsaveableAddress) -> HttpResponse:
    return render(request, "saved_views/not_saved.html", {"text": str(error)}, status=400)


def _own_view(request: ReaderRequest, view_id: int) -> SavedView:
    """The reader's view; 404 for another person's."""
    return get_object_or_404(SavedView, pk=view_id, owner=request.user)
