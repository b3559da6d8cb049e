"""The national figures that can be quoted: question, definition and the positions they count.

A figure counts positions of forces, or forces that have at least one of them. That of tested claims
is about all organisations.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from recommendations import wording
from recommendations.claim_tests import HeldShare
from recommendations.positions.assurance import drawn_rounds, national_round
from recommendations.positions.national import NationalPosition, count
from recommendations.positions.past_time import AsAt
from recommendations.positions.positions import Position
from recommendations.rules import COUNTED, Status


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What is counted, and how to say it.

    `says` continues `At 3:04pm on 3 May 2026, …`, for all recommendations; `says_of_one` for one.
    Their fields are `count`, `total`, `withdrawn` and `reference`. `counts_forces`: the number of
    forces is counted, not that of their recommendations. `counts_tests`: of the claims that were
    tested, those that held are counted; `says` has the interval of their share as `between`.
    """

    key: str
    question: str
    definition: str
    is_counted: Callable[[Position], bool]
    says: str
    says_of_one: str = ""  # empty: the figure is for all recommendations only
    counts_forces: bool = False
    counts_tests: bool = False
    caveats: tuple[str, ...] = field(default=())


_ONCE_FOR_EACH_FORCE = "A recommendation counts once for each force that it is assigned to."
_NOT_EFFECT = (
    "It is what forces report and the Home Office accepts. It does not show what has changed "
    "outside."
)
FIGURES = {
    figure.key: figure
    for figure in (
        Figure(
            key="implemented",
            question="How many recommendations have forces implemented?",
            definition="A force has claimed that it has done what the recommendation asks of it, "
            "and the Home Office has accepted the claim.",
            is_counted=lambda position: position.status == Status.IMPLEMENTED,
            says="forces had implemented {count} of the {total} recommendations assigned to them"
            "{withdrawn}.",
            says_of_one="{count} of {total} forces had implemented recommendation {reference}"
            "{withdrawn}.",
            caveats=(_ONCE_FOR_EACH_FORCE, _NOT_EFFECT),
        ),
        Figure(
            key="overdue",
            question="How many recommendations are overdue?",
            definition="The due date has passed, and the recommendation is not implemented, not "
            "withdrawn and not awaiting review.",
            is_counted=lambda position: position.is_overdue,
            says="{count} of the {total} recommendations assigned to forces were overdue"
            "{withdrawn}.",
            says_of_one="recommendation {reference} was overdue in {count} of {total} forces"
            "{withdrawn}.",
            caveats=(
                _ONCE_FOR_EACH_FORCE,
                "The due date is the one agreed last, which can be later than the first one.",
            ),
        ),
        Figure(
            key="forces-overdue",
            question="How many forces have something overdue?",
            definition="At least one recommendation assigned to the force is overdue: its due date "
            "has passed, and it is not implemented, not withdrawn and not awaiting review.",
            is_counted=lambda position: position.is_overdue,
            says="{count} of {total} forces had at least one overdue recommendation.",
            counts_forces=True,
            caveats=("It does not show how much is overdue in a force, or for how long.",),
        ),
        Figure(
            key="waiting",
            question="How many claims wait for review?",
            definition="A force has claimed that it has done what the recommendation asks of it, "
            "and the Home Office has not decided yet.",
            is_counted=lambda position: position.status == Status.EVIDENCE_SUBMITTED,
            says="claims of forces for {count} of the {total} recommendations assigned to them "
            "were waiting for review{withdrawn}.",
            says_of_one="claims of {count} of {total} forces about recommendation {reference} were "
            "waiting for review{withdrawn}.",
            caveats=(_ONCE_FOR_EACH_FORCE, "A claim that waits is not counted as implemented."),
        ),
        Figure(
            key="not-started",
            question="How many recommendations have forces not started?",
            definition="The force has not submitted an update, or says that it has not started.",
            is_counted=lambda position: position.status == Status.NOT_STARTED,
            says="forces had not started {count} of the {total} recommendations assigned to them"
            "{withdrawn}.",
            says_of_one="{count} of {total} forces had not started recommendation {reference}"
            "{withdrawn}.",
            caveats=(_ONCE_FOR_EACH_FORCE, "A force may have started without saying so."),
        ),
        Figure(
            key="tested",
            question="How many claims were tested and held?",
            definition="Accepted claims of all organisations were drawn at random, and somebody "
            "who neither works for the organisation nor decided about the claim tested each of "
            "them. The figure is that of the last test round that is complete, or without one of "
            "the last that has begun.",
            is_counted=lambda position: position.status == Status.IMPLEMENTED,
            says="of {total} accepted claims that were tested, {count} held ({between} of all "
            "accepted claims, with 95% confidence).",
            counts_tests=True,
            caveats=(
                "Claims that could not be tested are left out.",
                "The list has the claims that held and still count as implemented.",
            ),
        ),
    )
}


@dataclass(frozen=True, kw_only=True)
class FigureValue:
    """A figure at one time. `positions` are those that are counted."""

    count: int
    total: int
    sentence: str
    positions: list[Position]


def figures_of(reference: str) -> list[Figure]:
    """Return the figures of one recommendation, or of all with an empty reference."""
    return [figure for figure in FIGURES.values() if not reference or figure.says_of_one]


def value_of(
    figure: Figure, national: NationalPosition, *, at: datetime, reference: str = ""
) -> FigureValue:
    """Return a figure of the national position, which is that of the instant `at`.

    With a reference, of that recommendation only.
    """
    rows = [
        position
        for position in national.force_positions
        if not reference or position.reference == reference
    ]
    counted, totals = [position for position in rows if figure.is_counted(position)], count(rows)
    between = ""
    if figure.counts_tests:
        tested = national_round(drawn_rounds(national.inspection, national.past))
        share = tested.share if tested else HeldShare(held=0, tested=0)
        number, total, between = share.held, share.tested, share.interval_words
        held = tested.held_claims if tested else set()
        everything = [p for p in national.positions if figure.is_counted(p)]
        counted = [position for position in everything if position.latest_update_id in held]
    elif figure.counts_forces:
        number = len({position.body_id for position in counted})
        total = len({position.body_id for position in rows if position.status in COUNTED})
    else:
        number, total = len(counted), totals.total
    says = figure.says_of_one if reference else figure.says
    words = says.format(
        count=f"{number:,}",
        total=f"{total:,}",
        withdrawn=wording.not_counting(totals.withdrawn),
        reference=reference,
        between=between,
    )
    sentence = f"At {AsAt.of(at).words}, {words}"
    return FigureValue(count=number, total=total, sentence=sentence, positions=counted)
