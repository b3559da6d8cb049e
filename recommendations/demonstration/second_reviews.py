"""Confirms one accepted claim of the department that reviews, unless it is the only one."""

from datetime import date, datetime, time, timedelta

from forces import audit
from forces.models import Role, User
from recommendations.demonstration.rows import AssignmentHistory
from recommendations.models import Review, SecondReview
from recommendations.rules import LONDON, Status, london_day, start_of_day


def write_second_review(
    histories: list[AssignmentHistory], *, as_of: date
) -> tuple[int, list[audit.NewEvent]]:
    """Write a second review three days after the first one; return how many, and the events."""
    reviewer = User.objects.select_related("body").get(role=Role.SECOND_REVIEWER)
    assert reviewer.body is not None
    accepted = [
        history.assignment.pk
        for history in histories
        if history.assignment.body.reviews_claims
        and history.states[-1].status == Status.IMPLEMENTED
    ]
    until = start_of_day(as_of - timedelta(days=3))
    reviews = Review.objects.filter(
        update__assignment__in=accepted, decision="accepted", reviewed_at__lt=until
    )
    review = reviews.select_related("update__assignment__body").order_by("reviewed_at").first()
    if review is None or len(accepted) == 1:
        return 0, []
    on = london_day(review.reviewed_at) + timedelta(days=3)
    second = SecondReview.objects.create(
        review=review,
        body=reviewer.body,
        comment="The evidence supports the claim.",
        reviewed_at=datetime.combine(on, time(11, 20), tzinfo=LONDON),
        reviewed_by=reviewer,
    )
    claim = review.update
    event = audit.NewEvent(
        at=second.reviewed_at,
        act="second review",
        actor=reviewer,
        subject=second,
        body=claim.assignment.body,
        rows=[second],
        details={
            "assignment": claim.assignment_id,
            "update": claim.number,
            "reviewer_organisation": reviewer.body.slug,
        },
    )
    return 1, [event]
