"""Makes up the parts of a recommendation, and an aspect that two people have confirmed."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from forces import audit
from forces.models import User
from recommendations.models import Aspect, AspectCheck, Certainty, Inspection
from recommendations.register.facts import RecommendationFacts
from recommendations.rules import LONDON

_PARTS_OF = 9  # whose source says that it may be two recommendations
_CONFIRMED = "6"  # the reference of the recommendation whose deadline is confirmed
_SOURCE = "The published report (demonstration: nobody has compared it)"
_PAGE = "17"
_DAYS_AFTER_PUBLICATION = 20


def with_parts(facts: RecommendationFacts) -> list[RecommendationFacts]:
    """Return the recommendation, or its two parts; forces are not asked about the first one."""
    if facts.number != _PARTS_OF:
        return [facts]
    guidance = replace(
        facts,
        part="a",
        title="Guidance on vulnerability",
        text="Evidence-based national guidance on vulnerable people found in county lines.",
        force_ask="",
        force_done_when="",
    )
    assessment = replace(
        facts,
        part="b",
        text="One consistent way to assess and track vulnerable people found in county lines.",
    )
    return [guidance, assessment]


def write_confirmation(
    inspection: Inspection, analysts: list[User], *, as_of: date
) -> tuple[int, list[audit.NewEvent]]:
    """Write that one person entered a deadline and another one confirmed it a day later."""
    recommendation = inspection.recommendations.get(reference=_CONFIRMED)
    before = recommendation.current_checks[Aspect.DEADLINE]
    entered_on = inspection.published_on + timedelta(days=_DAYS_AFTER_PUBLICATION)
    checked_on = entered_on + timedelta(days=1)
    if checked_on >= as_of:
        return 0, []
    entered_at = datetime.combine(entered_on, time(10, 5), tzinfo=LONDON)
    entry = {
        "recommendation": recommendation,
        "aspect": Aspect.DEADLINE,
        "source": _SOURCE,
        "page": _PAGE,
        "entered_at": entered_at,
        "entered_by": analysts[0],
    }
    entered, checked = AspectCheck.objects.bulk_create(
        [
            AspectCheck(number=before.number + 1, certainty=Certainty.REPORTED, **entry),
            AspectCheck(
                number=before.number + 2,
                certainty=Certainty.CONFIRMED,
                checked_at=datetime.combine(checked_on, time(15, 40), tzinfo=LONDON),
                checked_by=analysts[1],
                **entry,
            ),
        ]
    )
    return 1, [
        audit.NewEvent(
            at=entered_at,
            act="recommendation amended",
            actor=analysts[0],
            subject=recommendation,
            rows=[entered],
            details={"changes": {}, "aspects": {entered.aspect: entered.certainty}, "reason": ""},
        ),
        audit.NewEvent(
            at=checked.checked_at or entered_at,
            act="text confirmed",
            actor=analysts[1],
            subject=recommendation,
            rows=[checked],
            details={"aspects": [checked.aspect]},
        ),
    ]
