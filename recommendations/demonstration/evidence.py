"""Made-up evidence files of the claims."""

import hashlib
import io
from random import Random
from uuid import UUID

from recommendations import models
from recommendations.evidence import storage
from recommendations.evidence.file_types import CSV, TEXT

_TITLES = (
    "Summary of the check",
    "Extract of the protocol",
    "Attendance of the briefing",
)


def detail_rng(token: UUID) -> Random:
    """Return the random numbers for an update's details, apart from those of its history."""
    return Random(f"evidence {token}")  # noqa: S311  # nosec B311 # made-up data


def save_evidence(update: models.Update) -> list[models.Evidence]:
    """Store one or two small files for a claim; return their unsaved rows."""
    rng = detail_rng(update.token)
    assignment = update.assignment
    about = f"{assignment.body.name}, recommendation {assignment.recommendation.reference}"
    files = []
    for file_number in range(1, rng.choice((1, 1, 2)) + 1):
        if file_number == 2:
            kind, title, text = CSV, "Figures by month", "month,count\nMay,4\nJune,7\n"
        else:
            kind, title = TEXT, rng.choice(_TITLES)
            text = "All of it was made by a program.\n"
        label = "Demonstration data. This file is made up, and shows nothing."
        content = f"{label}\n{about}\n{title}\n\n{text}".encode()
        key = UUID(int=rng.getrandbits(128), version=4)
        storage.delete_file(key)  # the same seed gives the same keys
        storage.save_file(io.BytesIO(content), key=key)
        file = models.Evidence(
            update=update,
            key=key,
            name=f"{title} (demonstration).{kind.extensions[0]}",
            kind=kind.content_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            scan=models.Evidence.Scan.NOT_SCANNED,
            uploaded_at=update.submitted_at,
            uploaded_by=update.submitted_by,
        )
        files.append(file)
    return files
