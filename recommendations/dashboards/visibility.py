"""Which organisations' updates, evidence and reviews a reader may open."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from forces.models import Body, User
from forces.permissions import Permission, may
from recommendations.page_urls import page_url
from recommendations.positions.past_time import AsAt
from recommendations.positions.positions import Position
from recommendations.rules import Status


@dataclass(frozen=True)
class Visibility:
    """The organisations whose documents somebody may open: all, one or none.

    `reviews_again`: those of the department that reviews claims, too.
    `reviews_claims`: whether they may also review the claims of those organisations.
    """

    sees_all_bodies: bool = False
    body_id: int | None = None
    reviews_claims: bool = False
    reviews_again: bool = False

    def includes(self, body: Body) -> bool:
        is_department = self.reviews_again and body.reviews_claims
        is_own = self.body_id is not None and self.body_id in (body.pk, body.succeeded_by_id)
        return self.sees_all_bodies or is_own or is_department

    @property
    def sees_changes(self) -> bool:
        """Whether the page of changes exists for them."""
        return self.sees_all_bodies or self.body_id is not None

    def link(self, body: Body, reference: str, *, past: AsAt | None = None) -> str:
        """Return the address of the assignment's page, or "" if the reader may not open it."""
        if not self.includes(body):
            return ""
        return page_url("assignment", body.slug, reference, past=past)

    def review_url(self, position: Position) -> str:
        """Return the address of the review of a waiting claim, or "" if there is none for them.

        For a second reviewer, that of the second review of a claim that is self-assessed.
        """
        if self.reviews_again and position.is_self_assessed:
            return reverse("second_review", args=[position.latest_update_id])
        is_waiting = position.status == Status.EVIDENCE_SUBMITTED
        if not self.reviews_claims or not is_waiting or position.latest_update_id is None:
            return ""
        return reverse("review", args=[position.latest_update_id])


# Of an analyst: the snapshots are rendered for it.
FULL_VISIBILITY = Visibility(sees_all_bodies=True, reviews_claims=True)


def visibility_of(person: User | AnonymousUser) -> Visibility:
    """Return what this person may open; no query."""
    reviews_claims = may(person, Permission.REVIEW_CLAIMS)
    if may(person, Permission.SEE_ALL_DOCUMENTS):
        return Visibility(sees_all_bodies=True, reviews_claims=reviews_claims)
    if isinstance(person, User) and may(person, Permission.SEE_OWN_DOCUMENTS):
        return Visibility(
            body_id=person.documents_body_id,
            reviews_claims=reviews_claims,
            reviews_again=may(person, Permission.REVIEW_AGAIN),
        )
    return Visibility()
