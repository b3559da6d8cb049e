"""Which organisations' updates, evidence and reviews a reader may open."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from forces.models import Body, User
from forces.permissions import Permission, may


@dataclass(frozen=True)
class Visibility:
    """The organisations whose documents somebody may open: all, one or none."""

    sees_all_bodies: bool = False
    body_id: int | None = None

    def includes(self, body: Body) -> bool:
        return self.sees_all_bodies or body.pk == self.body_id

    def link(self, body: Body, number: int) -> str:
        """Return the address of the assignment's page, or "" if the reader may not open it."""
        return reverse("assignment", args=[body.slug, number]) if self.includes(body) else ""


FULL_VISIBILITY = Visibility(sees_all_bodies=True)


def visibility_of(person: User | AnonymousUser) -> Visibility:
    """Return what this person may open; no query."""
    if may(person, Permission.SEE_ALL_DOCUMENTS):
        return FULL_VISIBILITY
    if isinstance(person, User) and may(person, Permission.SEE_OWN_DOCUMENTS):
        return Visibility(body_id=person.body_id)
    return Visibility()
