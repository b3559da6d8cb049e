"""The second inspection of the demonstration: invented, later, with fewer recommendations."""

from dataclasses import replace
from datetime import date, timedelta

from recommendations.actions.load_register import load_inspection
from recommendations.models import Inspection
from recommendations.register.facts import RecommendationFacts, Register
from recommendations.rules import start_of_day

_UNCONFIRMED = dict.fromkeys(("gist", "addressee", "deadline", "wording"), "unconfirmed")
_EXAMPLE = RecommendationFacts(
    number=1,
    part="",
    title="Spotting exploited children",
    text="Officers ask about exploitation whenever they arrest or search a child for drugs.",
    text_is_verbatim=False,
    theme="Safeguarding",
    lead="npcc",
    partners=("college-of-policing",),
    due_on=date.min,
    due_words="",
    force_ask="Record the answer in custody and in stop and search records of children.",
    force_done_when="Nine in ten records of a month have the answer, for three months running.",
    certainties=_UNCONFIRMED,
    source="",
)


def load_second_inspection(register: Register, *, as_of: date) -> Inspection:
    """Add it, published on 1 June of the demonstration's year, or on the day before `as_of`."""
    year = register.inspection.published_on.year
    facts = replace(
        register.inspection,
        slug=f"child-exploitation-{year}",
        title=f"Child exploitation (demonstration {year})",
        published_on=min(date(year, 6, 1), as_of - timedelta(days=1)),
    )
    at = start_of_day(facts.published_on)
    load_inspection(facts=facts, recommendations=_recommendations(register), at=at)
    return Inspection.objects.get(slug=facts.slug)


def _recommendations(register: Register) -> list[RecommendationFacts]:
    """Return three recommendations, which ask every second force, and Kent."""
    slugs = sorted(force.slug for force in register.forces)
    year = register.inspection.published_on.year
    first = replace(
        _EXAMPLE,
        forces=tuple(sorted({*slugs[::2], "kent"})),
        due_on=date(year, 12, 31),
    )
    return [
        first,
        replace(
            first,
            number=2,
            title="One plan for each child",
            text="Police and children's services agree one safety plan for each exploited child.",
            lead="home-office",
            due_on=date(year, 10, 31),
            force_ask="Agree a safety plan with children's services within five working days.",
            force_done_when="Every open case has a plan that was agreed within five working days.",
        ),
        replace(
            first,
            number=3,
            title="Missing episodes",
            text="Every return from missing leads to an interview about exploitation.",
            lead="national-crime-agency",
            partners=("npcc",),
            due_on=date(year + 1, 3, 31),
            force_ask="Make sure that each child who returns is interviewed within 72 hours.",
            force_done_when="Eight in ten interviews of a quarter took place within 72 hours.",
        ),
    ]
