"""Loads the former names of organisations from the files of the register."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from forces.models import Body, BodyName
from forces.names import name_periods
from recommendations.register.facts import BodyFacts
from recommendations.register.load_report import LoadCounts, LoadReport


def load_former_names(
    facts: Iterable[BodyFacts], bodies: Mapping[str, Body], report: LoadReport, *, at: datetime
) -> list[BodyName]:
    """Record the names of each organisation that has former ones in the file, and none here yet.

    The files have no former short names, so all rows have the short name of today. Names that were
    recorded or corrected in the service stay, and the report says which differ. Returns the rows.
    """
    named = [body for body in facts if body.former_names]
    stored = name_periods(bodies[body.slug] for body in named)
    tally = LoadCounts(kind="Names of organisations with dates")
    rows: list[BodyName] = []
    for body_facts in named:
        body = bodies[body_facts.slug]
        expected = _names_of(body_facts)
        if body.pk not in stored:
            rows += [
                BodyName(
                    body=body,
                    name=name,
                    short_name=body_facts.short_name,
                    since=since,
                    recorded_at=at,
                )
                for since, name in expected
            ]
            continue
        tally.left += len(expected)
        present = [(period.since, period.name) for period in stored[body.pk]]
        if any(name not in present for name in expected):
            report.differences.append(
                f"{body.slug}: its former names differ from the file and were not changed. "
                "Correct them on the page of its names."
            )
    BodyName.objects.bulk_create(rows)
    tally.added = len(rows)
    report.tallies.append(tally)
    return rows


def _names_of(facts: BodyFacts) -> list[tuple[date | None, str]]:
    """Return each name with its first day, in order."""
    days: list[date | None] = [None, *(former.until for former in facts.former_names)]
    names = [*(former.name for former in facts.former_names), facts.name]
    return list(zip(days, names, strict=True))
