"""Enters the response of an organisation to a recommendation, or to the report as a whole."""

from datetime import date, datetime

from django.db import transaction

from forces import audit
from forces.models import Body, User
from forces.refusal import Refusal
from recommendations.actions.change import count_revision
from recommendations.models import Inspection, Recommendation, Response
from recommendations.rules import london_day

CHANGED = "Somebody has entered another response since you opened this page. Check it again."
MISSING_REASON = "Enter the reason, unless the recommendation is accepted"
TOO_EARLY = "Date must be on or after the day the report was published"
IN_THE_FUTURE = "Date must be today or in the past"


def date_error(responded_on: date, *, inspection: Inspection, on: date) -> str:
    """Return what is wrong with the day of a response, or ""."""
    if responded_on < inspection.published_on:
        return TOO_EARLY
    return IN_THE_FUTURE if responded_on > on else ""


@transaction.atomic
def respond(
    *,
    inspection: Inspection,
    body: Body,
    recommendation: Recommendation | None,
    answer: str,
    reason: str,
    responded_on: date,
    link: str,
    latest: int,
    by: User,
    at: datetime,
) -> Response:
    """Add the response that counts from now on; `latest` is the number of the last one seen.

    Without a recommendation it is about the report as a whole, which only a local policing body
    responds to. A second click returns the same row. Raises Refusal.
    """
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    if body.is_force or (recommendation is None and not body.is_local_policing_body):
        raise Refusal(f"{body.name} does not respond to this.")
    error = "" if reason or answer == Response.Answer.ACCEPTED else MISSING_REASON
    if error := error or date_error(responded_on, inspection=inspection, on=london_day(at)):
        raise Refusal(f"{error}.")
    earlier = Response.objects.filter(
        inspection=inspection, body=body, recommendation=recommendation
    )
    last = earlier.order_by("-number").first()
    values = {"answer": answer, "reason": reason, "responded_on": responded_on, "link": link}
    if last is not None and all(getattr(last, name) == values[name] for name in values):
        return last
    if (last.number if last else 0) != latest or (last and at < last.entered_at):
        raise Refusal(CHANGED)
    response = Response.objects.create(
        inspection=inspection,
        body=body,
        recommendation=recommendation,
        number=latest + 1,
        entered_at=at,
        entered_by=by,
        is_on_behalf=by.body_id != body.pk,
        **values,
    )
    audit.record(
        at=at,
        act="response entered",
        actor=by,
        subject=response,
        body=body,
        rows=[response],
        recommendation=recommendation.reference if recommendation else "",
        answer=answer,
    )
    count_revision(inspection.pk)
    return response
