"""A reader's saved views, and those that colleagues share."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from forces.models import Membership, User
from forces.permissions import PERMISSIONS, Permission, may
from recommendations.dashboards.saved_views.moving_days import address_words_of
from recommendations.models import SavedView

_PINNED = """
    SELECT id, name FROM recommendations_savedview
    WHERE owner_id = %s AND is_pinned ORDER BY lower(name), id
"""


@dataclass(frozen=True)
class SavedViewRow:
    view: SavedView
    words: str

    @property
    def copy_query(self) -> str:
        """The query of the form that saves a copy, with the same moving days."""
        fields = {"address": self.view.address, "name": self.view.name}
        return urlencode(fields | self.view.moving_days)


def own_views(reader: User) -> list[SavedViewRow]:
    return _rows(SavedView.objects.filter(owner=reader))


def shared_views(reader: User) -> list[SavedViewRow]:
    """The views that colleagues with an active account share; one query."""
    return _rows(shared_with(reader).select_related("owner"))


def shared_with(reader: User) -> QuerySet[SavedView]:
    """What others share with the reader.

    People who see the updates of every force share with one another; all others share with people
    of the same role in the same force.
    """
    every = Permission.SEE_ALL_DOCUMENTS
    shared = SavedView.objects.filter(is_shared=True, owner__is_active=True).exclude(owner=reader)
    if may(reader, every):
        roles = [role for role, permissions in PERMISSIONS.items() if every in permissions]
        return shared.filter(owner__role__in=roles)
    if reader.body_id is None:
        return shared.none()
    member = Membership.objects.open().filter(
        person=OuterRef("owner"), body=reader.body_id, role=reader.role
    )
    return shared.filter(Exists(member))


def pinned_views(reader: User) -> list[tuple[str, str]]:
    """Return the names of the reader's pinned views, and the addresses that open them; 1 query.

    In SQL, because it is most of the time that an unchanged overview takes.
    """
    pinned = SavedView.objects.raw(_PINNED, [reader.pk])
    return [(view.name, reverse("view_open", args=[view.pk])) for view in pinned]


def _rows(views: QuerySet[SavedView]) -> list[SavedViewRow]:
    return [SavedViewRow(view, address_words_of(view)) for view in views]
