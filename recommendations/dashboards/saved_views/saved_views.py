"""A person's saved views, and those that colleagues share."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from forces.models import User
from forces.permissions import PERMISSIONS, Permission, may
from recommendations.dashboards.saved_views.addresses import address_words
from recommendations.models import SavedView


@dataclass(frozen=True)
class ViewRow:
    view: SavedView
    words: str

    @property
    def copy_query(self) -> str:
        return urlencode({"address": self.view.address, "name": self.view.name})


def own_views(reader: User) -> list[ViewRow]:
    return _rows(SavedView.objects.filter(owner=reader))


def shared_views(reader: User) -> list[ViewRow]:
    """Of colleagues who are still there; one query."""
    return _rows(shared_with(reader).select_related("owner"))


def shared_with(reader: User) -> QuerySet[SavedView]:
    """Those who see every body's papers share with one another, people of a body with its own."""
    every = Permission.SEE_PAPERS_OF_EVERY_BODY
    shared = SavedView.objects.filter(is_shared=True, owner__is_active=True).exclude(owner=reader)
    if may(reader, every):
        roles = [role for role, held in PERMISSIONS.items() if every in held]
        return shared.filter(owner__role__in=roles)
    if reader.body_id is None:
        return shared.none()
    return shared.filter(Q(owner__body=reader.body_id) & Q(owner__role=reader.role))


def pinned_views(reader: User) -> list[tuple[str, str]]:
    """Return the names and addresses of the reader's pinned views; 1 query."""
    pinned = SavedView.objects.filter(owner=reader, is_pinned=True)
    return list(pinned.order_by(Lower("name"), "pk").values_list("name", "address"))


def _rows(found: QuerySet[SavedView]) -> list[ViewRow]:
    return [ViewRow(view, address_words(view.address)) for view in found]
