"""Keeping an address under a name, pinning and sharing it, and giving it up."""

from datetime import datetime
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.models import SavedView

MOST = 50  # of one person
MOST_PINNED = 6


def save_view(
    *, name: str, address: str, is_pinned: bool, is_shared: bool, by: User, at: datetime
) -> SavedView:
    """The address must be one that can be kept. The same name and address twice is one view.

    Raises Refusal where the name is taken, or there are too many.
    """
    with transaction.atomic():
        _alone(by)
        twin = SavedView.objects.filter(owner=by, name__iexact=name).first()
        if twin is not None and twin.address == address:
            return _changed(twin, name, is_pinned=is_pinned, is_shared=is_shared, by=by, at=at)
        if SavedView.objects.filter(owner=by).count() >= MOST:
            raise Refusal(f"You have {MOST} views. Delete one first.")
        view = SavedView(owner=by, name=name, address=address, created_at=at, updated_at=at)
        _set(view, name, is_pinned=is_pinned, is_shared=is_shared)
        view.save()
        audit.record(at=at, act="view saved", actor=by, subject=view, **_told(view))
    return view


def change_view(
    *, view: SavedView, name: str, is_pinned: bool, is_shared: bool, by: User, at: datetime
) -> SavedView:
    """Only the owner's. Raises Refusal."""
    with transaction.atomic():
        _alone(by)
        locked = SavedView.objects.filter(pk=view.pk, owner=by).first()
        if locked is None:
            raise Refusal("This view was deleted.")
        return _changed(locked, name, is_pinned=is_pinned, is_shared=is_shared, by=by, at=at)


def delete_view(*, view: SavedView, by: User, at: datetime) -> bool:
    """Whether it was still there."""
    with transaction.atomic():
        _alone(by)
        deleted, _ = SavedView.objects.filter(pk=view.pk, owner=by).delete()
        if deleted:
            audit.record(at=at, act="view deleted", actor=by, **_told(view))
    return bool(deleted)


def _changed(
    view: SavedView, name: str, *, is_pinned: bool, is_shared: bool, by: User, at: datetime
) -> SavedView:
    before = _told(view)
    _set(view, name, is_pinned=is_pinned, is_shared=is_shared)
    if before != _told(view):
        view.updated_at = at
        view.save()
        audit.record(
            at=at, act="view changed", actor=by, subject=view, before=before, **_told(view)
        )
    return view


def _set(view: SavedView, name: str, *, is_pinned: bool, is_shared: bool) -> None:
    others = SavedView.objects.filter(owner=view.owner).exclude(pk=view.pk)
    if others.filter(name__iexact=name).exists():
        raise Refusal("You have a view of this name. Choose another one.")
    if is_pinned and others.filter(is_pinned=True).count() >= MOST_PINNED:
        raise Refusal(f"You have pinned {MOST_PINNED} views. Take one off first.")
    view.name, view.is_pinned, view.is_shared = name, is_pinned, is_shared


def _told(view: SavedView) -> dict[str, Any]:
    return {
        "name": view.name,
        "address": view.address,
        "is_pinned": view.is_pinned,
        "is_shared": view.is_shared,
    }


def _alone(by: User) -> None:
    """Two clicks of one person come one after the other."""
    User.objects.select_for_update().get(pk=by.pk)
