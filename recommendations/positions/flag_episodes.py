"""Flag episodes: raised and cleared by set-based SQL statements, with exact days.

While an assignment's position does not change, its flags begin and end on days that follow from
`rules.FLAG_RULES`. The days from begin to end are a *spell* of the flag. Settling after ten missed
nights therefore writes the same episodes as settling every night, and settling twice changes
nothing.

An action settles the assignments both before its change (for the days that passed under the old
position) and after it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import DateField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Greatest

from recommendations.models import Assignment
from recommendations.rules import FLAG_RULES, FlagRule, LondonDay

TIME_PASSED = "time passed"


@dataclass(frozen=True)
class Settled:
    raised: int = 0
    cleared: int = 0

    def __add__(self, other: "Settled") -> "Settled":
        return Settled(self.raised + other.raised, self.cleared + other.cleared)


def settle(assignments: QuerySet[Assignment], *, on: date, because: str = TIME_PASSED) -> Settled:
    """Bring the flag episodes of these assignments up to date on the London day `on`.

    `because` says in a few words what changed; it is stored with each episode.
    """
    total = Settled()
    for rule in FLAG_RULES.values():
        total += Settled(
            cleared=_clear(assignments, rule, on=on, because=because),
            raised=_raise(assignments, rule, on=on, because=because),
        )
    return total


def _spells(assignments: QuerySet[Assignment], rule: FlagRule, *, on: date) -> tuple[str, Any]:
    """Return SQL for (assignment, begins, ends): the spell of the flag that began by `on`.

    A spell that would have ended before the position changed does not exist: the flag was never on
    in that position.
    """
    spells = (
        assignments.filter(rule.state)
        .order_by()
        .annotate(
            begins=Greatest(rule.begins, LondonDay(F("changed_at"))),
            ends=rule.ends or Cast(Value(None), DateField()),
        )
        .filter(Q(ends=None) | Q(ends__gt=F("begins")), begins__lte=on)
        .values_list("pk", "begins", "ends")
    )
    return spells.query.sql_with_params()


def _clear(assignments: QuerySet[Assignment], rule: FlagRule, *, on: date, because: str) -> int:
    """Clear the open episodes whose flag has ended, with the day on which it ended."""
    spells, spell_parameters = _spells(assignments, rule, on=on)
    settled, settled_parameters = assignments.order_by().values_list("pk").query.sql_with_params()
    return _execute(
        f"""
        UPDATE recommendations_flagepisode episode
        SET cleared_on = greatest(episode.raised_on, coalesce(spell.ends, %s)),
            cleared_because = CASE WHEN spell.ends IS NULL THEN %s ELSE %s END
        FROM ({settled}) settled (id)
        LEFT JOIN ({spells}) spell (id, begins, ends) ON spell.id = settled.id
        WHERE episode.assignment_id = settled.id AND episode.flag = %s
          AND episode.cleared_on IS NULL AND (spell.id IS NULL OR spell.ends <= %s)
        """,  # noqa: S608  # nosec B608 # built from constants only
        [on, because, TIME_PASSED, *settled_parameters, *spell_parameters, rule.flag, on],
    )


def _raise(assignments: QuerySet[Assignment], rule: FlagRule, *, on: date, because: str) -> int:
    """Insert an episode for each spell that has none, already cleared if the spell has ended."""
    spells, spell_parameters = _spells(assignments, rule, on=on)
    return _execute(
        f"""
        INSERT INTO recommendations_flagepisode
            (assignment_id, flag, raised_on, raised_because, cleared_on, cleared_because)
        SELECT spell.id, %s, spell.begins, CASE WHEN spell.begins = %s THEN %s ELSE %s END,
               CASE WHEN spell.ends <= %s THEN spell.ends END,
               CASE WHEN spell.ends <= %s THEN %s ELSE '' END
        FROM ({spells}) spell (id, begins, ends)
        WHERE NOT EXISTS (
            SELECT FROM recommendations_flagepisode episode
            WHERE episode.assignment_id = spell.id AND episode.flag = %s
              AND (episode.cleared_on IS NULL OR episode.cleared_on >= spell.ends)
        )
        ON CONFLICT DO NOTHING
        """,  # noqa: S608  # nosec B608 # built from constants only
        [
            *(rule.flag, on, because, TIME_PASSED, on, on, TIME_PASSED),
            *spell_parameters,
            rule.flag,
        ],
    )


def _execute(sql: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)
