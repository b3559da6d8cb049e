"""All personal data that the service holds about one person, as a JSON file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.core.serializers.json import DjangoJSONEncoder

from forces.accounts.personal_data import PROFILE_FIELDS, Removal
from forces.accounts.sessions import sessions_of
from forces.models import AuditEvent, User
from recommendations.emails import personalisation
from recommendations.exports.export import DEMONSTRATION_NOTICE
from recommendations.models import Inspection
from recommendations.personal_data import PERSONAL_DATA

_Row = dict[str, Any]
_PLACEHOLDERS = str.maketrans(
    {
        personalisation.NAME_PLACEHOLDER: "[your name]",
        personalisation.UNSUBSCRIBE_PLACEHOLDER: "[a link]",
        personalisation.PREFERENCES_PLACEHOLDER: "[a link]",
    }
)


@dataclass(frozen=True)
class DataCategory:
    title: str
    fate: str
    count: int


def summary(person: User) -> list[DataCategory]:
    categories = [
        DataCategory(held.title, held.fate, held.of(person).count()) for held in PERSONAL_DATA
    ]
    categories += [
        DataCategory(title, fate, len(rows)) for title, fate, rows in _without_foreign_key(person)
    ]
    return [category for category in categories if category.count]


def personal_data_json(person: User, *, at: datetime) -> str:
    """Return the JSON of all data about the person, without secrets and their hashes."""
    inspection = Inspection.objects.current()
    categories = [*_by_foreign_key(person), *_without_foreign_key(person)]
    data = {
        "title": "All data that the county lines recommendations tracker holds about one person",
        "notice": DEMONSTRATION_NOTICE if inspection and inspection.is_synthetic else "",
        "made_at": at,
        "person": User.objects.filter(pk=person.pk).values(*PROFILE_FIELDS).get(),
        "held": [
            {"title": title, "when_removed": fate, "rows": rows}
            for title, fate, rows in categories
            if rows
        ],
    }
    return json.dumps(data, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False) + "\n"


def _by_foreign_key(person: User) -> Iterator[tuple[str, str, list[_Row]]]:
    for held in PERSONAL_DATA:
        rows = held.of(person).order_by("pk").values(*held.fields.split())
        yield held.title, held.fate, [_readable(row) for row in rows]


def _readable(row: _Row) -> _Row:
    """Return the row with plain field names, and words for the placeholders of an email."""
    return {
        name.removeprefix("content__").replace("__", "_"): value.translate(_PLACEHOLDERS)
        if isinstance(value, str)
        else value
        for name, value in row.items()
    }


def _without_foreign_key(person: User) -> Iterator[tuple[str, str, list[_Row]]]:
    """Yield rows that name the person by number, or within their content."""
    about = AuditEvent.objects.filter(subject_type="user", subject_id=str(person.pk))
    events = about.exclude(actor=person).order_by("position")
    yield (
        "What was done to this account, in the audit trail",
        Removal.KEPT,
        [dict(row) for row in events.values("position", "at", "act", "details")],
    )
    changes = LogEntry.objects.filter(
        content_type__app_label="forces", content_type__model="user", object_id=str(person.pk)
    ).order_by("pk")
    yield (
        "Changes to this account by administrators",
        Removal.DELETED,
        [dict(row) for row in changes.values("action_time", "object_repr", "change_message")],
    )
    yield (
        "Sessions",
        Removal.DELETED,
        [
            {
                "ends_at": session.expire_date,
                "holds_typed_text": "resumed_form" in session.get_decoded(),
            }
            for session in sessions_of(person)
        ],
    )
