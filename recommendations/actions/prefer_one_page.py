"""Stores whether a person answers all the questions of an update on one page."""

from forces.models import User


def prefer_one_page(*, is_preferred: bool, by: User) -> None:
    """Store the choice. It is about the form only, so the audit trail does not record it."""
    User.objects.filter(pk=by.pk).update(prefers_one_page=is_preferred)
    by.prefers_one_page = is_preferred
