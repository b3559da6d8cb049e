"""Makes up the responses of local policing bodies and national organisations."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from forces import audit
from forces.models import Body, User
from recommendations.dashboards.responses.responses import addressees, policing_bodies
from recommendations.demonstration.phrases import general
from recommendations.models import Inspection, Recommendation, Response
from recommendations.rules import LONDON

Answer = Response.Answer
_ANSWERS = (Answer.ACCEPTED, Answer.IN_PART, Answer.NOT_ACCEPTED)
_WEIGHTS = (6, 3, 1)
_SHARE_WITHOUT_RESPONSE, _SHARE_IN_TIME, _SHARE_NATIONAL = 0.15, 0.75, 0.7


def write_responses(
    inspection: Inspection, *, analyst: User, reader: User, as_of: date, rng: Random
) -> tuple[int, list[audit.NewEvent]]:
    """Write the responses up to the day before `as_of`; return how many, and their events.

    `reader` responds for their own local policing body, and the analyst for all the others.
    """
    rows = []
    for body, about, on in _plans(inspection, reader, rng):
        by = reader if body == reader.body else analyst
        if on < as_of:
            rows.append(_response(inspection, body, about, on, by=by, rng=rng))
    Response.objects.bulk_create(rows)
    return len(rows), [_event(row) for row in rows]


def _plans(
    inspection: Inspection, reader: User, rng: Random
) -> Iterator[tuple[Body, Recommendation | None, date]]:
    """Yield who responds to what, and on which day."""
    published_on = inspection.published_on
    for body in policing_bodies(inspection):
        has_response = rng.random() >= _SHARE_WITHOUT_RESPONSE
        days = rng.randint(20, 55) if rng.random() < _SHARE_IN_TIME else rng.randint(56, 110)
        if has_response or body == reader.body:
            yield body, None, published_on + timedelta(days=days)
    addressed = addressees(inspection)
    recommendations = {row.pk: row for row in inspection.recommendations.all()}
    for body in Body.objects.filter(pk__in=addressed).order_by("slug"):
        for key in sorted(addressed[body.pk]):
            if rng.random() < _SHARE_NATIONAL:
                days = rng.randint(25, 90)
                yield body, recommendations[key], published_on + timedelta(days=days)


def _response(
    inspection: Inspection,
    body: Body,
    about: Recommendation | None,
    on: date,
    *,
    by: User,
    rng: Random,
) -> Response:
    answer = rng.choices(_ANSWERS, _WEIGHTS)[0]
    return Response(
        inspection=inspection,
        body=body,
        recommendation=about,
        number=1,
        answer=answer,
        reason=general(rng, f"response_{answer}"),
        responded_on=on,
        link=f"https://{body.slug}.example.org/responses" if about is None else "",
        entered_at=datetime.combine(on, time(15, rng.randint(0, 59)), tzinfo=LONDON),
        entered_by=by,
        is_on_behalf=by.body_id != body.pk,
    )


def _event(response: Response) -> audit.NewEvent:
    about = response.recommendation
    return audit.NewEvent(
        at=response.entered_at,
        act="response entered",
        actor=response.entered_by,
        subject=response,
        body=response.body,
        rows=[response],
        details={"recommendation": about.reference if about else "", "answer": response.answer},
    )
