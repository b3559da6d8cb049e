"""Which links to papers a reader is shown (design, rule 9)."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from forces.models import Body, User
from forces.permissions import Permission, may


@dataclass(frozen=True)
class Papers:
    """Whose papers somebody may open: every body's, one body's, or nobody's."""

    of_every_body: bool = False
    body_id: int | None = None

    def include(self, body: Body) -> bool:
        return self.of_every_body or body.pk == self.body_id

    def link(self, body: Body, number: int) -> str:
        """The address of the assignment's page, or nothing where it does not exist for them."""
        return reverse("assignment", args=[body.slug, number]) if self.include(body) else ""


ALL_PAPERS = Papers(of_every_body=True)


def papers_of(person: User | AnonymousUser) -> Papers:
    """No query."""
    if may(person, Permission.SEE_PAPERS_OF_EVERY_BODY):
        return ALL_PAPERS
    if isinstance(person, User) and may(person, Permission.SEE_PAPERS_OF_OWN_BODY):
        return Papers(body_id=person.body_id)
    return Papers()
