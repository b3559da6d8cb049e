"""All that is held on one person, as a JSON file that they can take away."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.core.serializers.json import DjangoJSONEncoder

from forces.accounts.sessions import sessions_of
from forces.models import AuditEvent, User
from recommendations.emails.personalisation import CHOOSE, LEAVE, NAME
from recommendations.exports.export import SYNTHETIC
from recommendations.models import Inspection
from recommendations.personal_data import HELD, PROFILE, Fate

_MARKS = str.maketrans({NAME: "[your name]", LEAVE: "[a link]", CHOOSE: "[a link]"})


@dataclass(frozen=True)
class Kept:
    """One kind of what is held: how many rows, what a removal does with them, and the rows."""

    title: str
    fate: str
    count: int
    rows: list[dict[str, Any]]


def summary(person: User) -> list[Kept]:
    """The kinds of which there is something, counted and not read."""
    kept = [Kept(held.title, held.fate, held.of(person).count(), []) for held in HELD]
    kept += [Kept(title, fate, len(rows), []) for title, fate, rows in _without_a_key(person)]
    return [each for each in kept if each.count]


def personal_file(person: User, *, at: datetime) -> str:
    """The whole of it. Secrets, and their hashes, are no data on a person and are left out."""
    inspection = Inspection.objects.current()
    kinds = [*_by_key(person), *_without_a_key(person)]
    told = {
        "title": "All that the county lines recommendations tracker holds on one person",
        "notice": SYNTHETIC if inspection is not None and inspection.is_synthetic else "",
        "made_at": at,
        "person": User.objects.filter(pk=person.pk).values(*PROFILE).get(),
        "held": [
            {"title": title, "when_removed": fate, "rows": rows}
            for title, fate, rows in kinds
            if rows
        ],
    }
    return json.dumps(told, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False) + "\n"


def _by_key(person: User) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    for held in HELD:
        rows = held.of(person).order_by("pk").values(*held.fields.split())
        yield held.title, held.fate, [_readable(row) for row in rows]


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """Plain names, and words for the marks that stand in a mail's shared text."""
    return {
        name.removeprefix("content__").replace("__", "_"): value.translate(_MARKS)
        if isinstance(value, str)
        else value
        for name, value in row.items()
    }


def _without_a_key(person: User) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Rows that name a person by number, or inside what they hold."""
    about = AuditEvent.objects.filter(subject_type="user", subject_id=str(person.pk))
    events = about.exclude(actor=person).order_by("position")
    yield (
        "What was done to this account, in the audit trail",
        Fate.KEPT,
        [dict(row) for row in events.values("position", "at", "act", "details")],
    )
    changes = LogEntry.objects.filter(
        content_type__app_label="forces", content_type__model="user", object_id=str(person.pk)
    )
    yield (
        "What was changed about this person in the administration",
        Fate.DELETED,
        [
            dict(row)
            for row in changes.order_by("pk").values("action_time", "object_repr", "change_message")
        ],
    )
    yield (
        "Sessions",
        Fate.DELETED,
        [
            {
                "ends_at": session.expire_date,
                "holds_typed_text": "kept_text" in session.get_decoded(),
            }
            for session in sessions_of(person)
        ],
    )
