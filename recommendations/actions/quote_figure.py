"""Records a figure as it is now, so that it can be quoted."""

import secrets
from datetime import datetime

from django.db import transaction

from forces import audit
from forces.accounts.access import lock_person
from forces.audit_head import current_head
from forces.models import User
from recommendations.models import Inspection, Quote, Recommendation
from recommendations.models.quote import REFERENCE_ALPHABET, REFERENCE_LENGTH
from recommendations.positions.figures import FIGURES, value_of
from recommendations.positions.national import load
from recommendations.positions.past_time import AsAt
from recommendations.rules import london_day


@transaction.atomic
def quote_figure(
    *,
    figure: str,
    inspection: Inspection,
    recommendation: Recommendation | None = None,
    by: User,
    at: datetime,
) -> Quote:
    """Return the quote of a figure of FIGURES at this instant.

    A second click in the same minute returns the first quote.
    """
    lock_person(by)  # a second click waits for the first
    national = load(inspection, AsAt.of(at), today=london_day(at))
    reference = recommendation.reference if recommendation else ""
    value = value_of(FIGURES[figure], national, at=at, reference=reference)
    earlier = Quote.objects.filter(
        inspection=inspection, figure=figure, sentence=value.sentence, quoted_by=by
    )
    if (quote := earlier.first()) is not None:
        return quote
    head = current_head()
    quote = Quote.objects.create(
        reference="".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_LENGTH)),
        inspection=inspection,
        recommendation=recommendation,
        figure=figure,
        count=value.count,
        total=value.total,
        sentence=value.sentence,
        events=head.count,
        head=head.hash,
        quoted_at=at,
        quoted_by=by,
    )
    audit.record(
        at=at,
        act="figure quoted",
        actor=by,
        subject=inspection,
        rows=[quote],
        reference=quote.reference,
        figure=figure,
    )
    return quote
