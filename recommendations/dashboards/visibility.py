"""Which organisations' updates, evidence and reviews a reader may open."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from forces.models import Body, User
from forces.permissions import Permission, may


@dataclass(frozen=True)
class Papers:
    """The organisations whose documents somebody may open: all, one or none."""

    of_every_body: bool = False
    body_id: int | None = None

    def include(self, body: Body) -> bool:
        return self.of_every_body or body.pk == self.body_id

    def link(self, body: Body, number: int) -> str:
        """Return the address of the assignment's page, or "" if the reader may not open it."""
        return reverse("assignment", args=[body.slug, number]) if self.include(body) else ""


FULL_VISIBILITY = Papers(of_every_body=True)


def papers_of(person: User | AnonymousUser) -> Papers:
    """Return what this person may open; no query."""
    if may(person, Permission.SEE_PAPERS_OF_EVERY_BODY):
        return FULL_VISIBILITY
    if isinstance(person, User) and may(person, Permission.SEE_PAPERS_OF_OWN_BODY):
        return Papers(body_id=person.body_id)
    return Papers()
