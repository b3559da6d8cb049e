"""What goes with made-up updates: a sign-off, causes, and evidence that says it is none."""

import hashlib
import io
from random import Random
from uuid import UUID

from recommendations.evidence import storage
from recommendations.evidence.file_types import CSV, TEXT
from recommendations.models import Evidence, Update
from recommendations.models.answers import BlockerCause
from recommendations.models.review import ReturnCause

_POSTS = (
    "Detective Superintendent",
    "Detective Chief Inspector",
    "Chief Superintendent",
    "Assistant Chief Constable",
    "Head of Crime",
    "Head of Intelligence",
)
_NAMES = ("A Marsh", "R Lane", "J Field", "S Brook", "P Heath", "T Moor", "L Ford", "M Dale")
_TITLES = ("Summary of the check", "Extract of the protocol", "Attendance of the briefing")
_LABEL = "Demonstration data. This file is made up, and shows nothing."


def signed_off_by(rng: Random, *, is_force: bool) -> str:
    post = rng.choice(_POSTS) if is_force else "Deputy Director"
    return f"{post} {rng.choice(_NAMES)}"


def blocker_causes(rng: Random) -> list[str]:
    """One or two, in the order of the form."""
    chosen = rng.sample(BlockerCause.values[:-1], rng.choice((1, 1, 2)))
    return [cause for cause in BlockerCause.values if cause in chosen]


def return_causes(rng: Random) -> list[str]:
    return [rng.choice(ReturnCause.values[:3])]


def evidence_of(update: Update, rng: Random) -> list[Evidence]:
    """One or two small files for a claim; their bytes are kept at once."""
    if not update.is_claim:
        return []
    return [_file(update, number, rng) for number in range(1, rng.choice((1, 1, 2)) + 1)]


def _file(update: Update, number: int, rng: Random) -> Evidence:
    kind = CSV if number == 2 else TEXT
    title = "Figures by month" if number == 2 else rng.choice(_TITLES)
    about = (
        f"{update.assignment.body.name}, recommendation {update.assignment.recommendation.number}"
    )
    rows = (
        "\nmonth,count\nMay,4\nJune,7\n" if number == 2 else "\nAll of it was made by a program.\n"
    )
    content = f"{_LABEL}\n{about}\n{title}\n{rows}".encode()
    key = UUID(int=rng.getrandbits(128), version=4)
    storage.forget(key)  # the same seed makes the same keys
    storage.keep(io.BytesIO(content), key=key)
    return Evidence(
        update=update,
        key=key,
        name=f"{title} (demonstration).{kind.endings[0]}",
        kind=kind.content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        scan=Evidence.Scan.NOT_SCANNED,
        uploaded_at=update.submitted_at,
        uploaded_by=update.submitted_by,
    )
