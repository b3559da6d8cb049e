"""Details of made-up updates: who approved them, causes of blockers, and evidence files."""

import hashlib
import io
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from forces.models import Body, User
from recommendations.demonstration.data_files import read_data_file
from recommendations.evidence import storage
from recommendations.evidence.file_types import CSV, TEXT
from recommendations.models import Evidence
from recommendations.models.answers import BlockerCause
from recommendations.models.review import ReturnCause

_TITLES = ("Summary of the check", "Extract of the protocol", "Attendance of the briefing")
_LABEL = "Demonstration data. This file is made up, and shows nothing."


def detail_rng(token: UUID) -> Random:
    """Return the random numbers for an update's details, apart from those of its history."""
    return Random(f"papers {token}")  # noqa: S311  # nosec B311 # made-up data


def signatory(rng: Random, *, is_force: bool) -> str:
    """Return the post and name of a person who approved an update."""
    names = read_data_file("names.toml")
    post = rng.choice(names["posts"]) if is_force else "Deputy Director"
    return f"{post} {rng.choice(names['signatories'])}"


def blocker_causes(rng: Random) -> list[str]:
    """Return one or two causes, in the order of the form."""
    chosen = rng.sample(BlockerCause.values[:-1], rng.choice((1, 1, 2)))
    return [cause for cause in BlockerCause.values if cause in chosen]


def return_causes(rng: Random) -> list[str]:
    return [rng.choice(ReturnCause.values[:3])]


def evidence_rows(
    rng: Random, *, update_id: int, body: Body, number: int, at: datetime, by: User
) -> list[dict[str, Any]]:
    """Store one or two small files for a claim on recommendation `number`; return their rows."""
    rows = []
    for file_number in range(1, rng.choice((1, 1, 2)) + 1):
        kind = CSV if file_number == 2 else TEXT
        title = "Figures by month" if file_number == 2 else rng.choice(_TITLES)
        text = (
            "month,count\nMay,4\nJune,7\n"
            if file_number == 2
            else "All of it was made by a program.\n"
        )
        about = f"{body.name}, recommendation {number}"
        content = f"{_LABEL}\n{about}\n{title}\n\n{text}".encode()
        key = UUID(int=rng.getrandbits(128), version=4)
        storage.delete_file(key)  # the same seed gives the same keys
        storage.save_file(io.BytesIO(content), key=key)
        rows.append(
            {
                "update_id": update_id,
                "key": key,
                "name": f"{title} (demonstration).{kind.extensions[0]}",
                "kind": kind.content_type,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "scan": Evidence.Scan.NOT_SCANNED,
                "uploaded_at": at,
                "uploaded_by_id": by.pk,
            }
        )
    return rows
