"""Saves, changes and deletes saved views."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.models import SavedView

MAX_SAVED_VIEWS = 50  # of one person
MAX_PINNED_VIEWS = 6


def save_view(
    *,
    name: str,
    address: str,
    is_pinned: bool,
    is_shared: bool,
    by: User,
    at: datetime,
    moving_days: Mapping[str, str] | None = None,
) -> SavedView:
    """Save a checked address of the service. The same name and address twice is one view.

    `moving_days` says by parameter how a day moves on: see `dashboards/saved_views/moving_days.py`.
    Raises Refusal if another view has the name, or there are too many.
    """
    choices = _Choices(name, dict(moving_days or {}), is_pinned, is_shared)
    with transaction.atomic():
        _lock_user(by)
        duplicate = SavedView.objects.filter(owner=by, name__iexact=name).first()
        if duplicate is not None and duplicate.address == address:
            return _update_view(duplicate, choices, by=by, at=at)
        if SavedView.objects.filter(owner=by).count() >= MAX_SAVED_VIEWS:
            raise Refusal(f"You can have up to {MAX_SAVED_VIEWS} saved views. Delete one first.")
        view = SavedView(owner=by, name=name, address=address, created_at=at, updated_at=at)
        _assign(view, choices)
        view.save()
        audit.record(at=at, act="view saved", actor=by, subject=view, **_audit_details(view))
    return view


def change_view(
    *,
    view: SavedView,
    name: str,
    is_pinned: bool,
    is_shared: bool,
    by: User,
    at: datetime,
    moving_days: Mapping[str, str] | None = None,
) -> SavedView:
    """Change a view of the user. Raises Refusal if it was deleted, or as `save_view` does."""
    choices = _Choices(name, dict(moving_days or {}), is_pinned, is_shared)
    with transaction.atomic():
        _lock_user(by)
        locked = SavedView.objects.filter(pk=view.pk, owner=by).first()
        if locked is None:
            raise Refusal("This view was deleted.")
        return _update_view(locked, choices, by=by, at=at)


def delete_view(*, view: SavedView, by: User, at: datetime) -> bool:
    """Delete a view of the user, and return whether it still existed."""
    with transaction.atomic():
        _lock_user(by)
        deleted, _ = SavedView.objects.filter(pk=view.pk, owner=by).delete()
        if deleted:
            audit.record(at=at, act="view deleted", actor=by, **_audit_details(view))
    return bool(deleted)


def _update_view(view: SavedView, choices: "_Choices", *, by: User, at: datetime) -> SavedView:
    old_details = _audit_details(view)
    _assign(view, choices)
    if old_details != _audit_details(view):
        view.updated_at = at
        view.save()
        audit.record(
            at=at,
            act="view changed",
            actor=by,
            subject=view,
            before=old_details,
            **_audit_details(view),
        )
    return view


@dataclass(frozen=True)
class _Choices:
    name: str
    moving_days: dict[str, str]
    is_pinned: bool
    is_shared: bool


def _assign(view: SavedView, choices: _Choices) -> None:
    name, is_pinned = choices.name, choices.is_pinned
    others = SavedView.objects.filter(owner=view.owner).exclude(pk=view.pk)
    if others.filter(name__iexact=name).exists():
        raise Refusal("You already have a saved view with this name. Enter a different name.")
    if is_pinned and others.filter(is_pinned=True).count() >= MAX_PINNED_VIEWS:
        raise Refusal(f"You can pin up to {MAX_PINNED_VIEWS} views. Unpin one first.")
    view.name, view.is_pinned, view.is_shared = name, is_pinned, choices.is_shared
    view.moving_days = choices.moving_days


def _audit_details(view: SavedView) -> dict[str, Any]:
    return {
        "name": view.name,
        "address": view.address,
        "moving_days": view.moving_days,
        "is_pinned": view.is_pinned,
        "is_shared": view.is_shared,
    }


def _lock_user(by: User) -> None:
    """Lock the user, so that two clicks do not run at the same time."""
    User.objects.select_for_update().get(pk=by.pk)
