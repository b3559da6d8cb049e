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
from recommendations.rules import FLAG_RULES, LondonDay

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
    spells = _spells(assignments, on=on)
    cleared = _clear(assignments, spells, on=on, because=because)
    return Settled(cleared=cleared, raised=_raise(spells, on=on, because=because))


def _spells(assignments: QuerySet[Assignment], *, on: date) -> tuple[str, list[Any]]:
    """Return SQL for (id, begins, ends, flag): every spell of a flag that began by `on`.

    A spell that would have ended before the position changed does not exist: the flag was never on
    in that position.
    """
    statements: list[str] = []
    parameters: list[Any] = []
    for rule in FLAG_RULES.values():
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
        sql, values = spells.query.sql_with_params()
        statements.append(f"SELECT *, %s FROM ({sql}) AS of_flag")  # noqa: S608  # nosec B608 # built from constants only
        parameters += [rule.flag, *values]
    return " UNION ALL ".join(statements), parameters


def _clear(
    assignments: QuerySet[Assignment], spells: tuple[str, list[Any]], *, on: date, because: str
) -> int:
    """Clear the open episodes whose flag has ended, with the day on which it ended."""
    spell_sql, spell_parameters = spells
    settled, settled_parameters = assignments.order_by().values_list("pk").query.sql_with_params()
    return _execute(
        f"""
        WITH spell (id, begins, ends, flag) AS ({spell_sql}),
        open_episode AS (
            SELECT id, assignment_id, flag FROM recommendations_flagepisode
            WHERE cleared_on IS NULL AND assignment_id IN ({settled})
        )
        UPDATE recommendations_flagepisode episode
        SET cleared_on = greatest(episode.raised_on, coalesce(spell.ends, %s)),
            cleared_because = CASE WHEN spell.ends IS NULL THEN %s ELSE %s END
        FROM open_episode
        LEFT JOIN spell ON spell.id = open_episode.assignment_id AND spell.flag = open_episode.flag
        WHERE episode.id = open_episode.id AND (spell.id IS NULL OR spell.ends <= %s)
        """,  # noqa: S608  # nosec B608 # built from constants only
        [*spell_parameters, *settled_parameters, on, because, TIME_PASSED, on],
    )


def _raise(spells: tuple[str, list[Any]], *, on: date, because: str) -> int:
    """Insert an episode for each spell that has none, already cleared if the spell has ended."""
    spell_sql, spell_parameters = spells
    return _execute(
        f"""
        WITH spell (id, begins, ends, flag) AS ({spell_sql})
        INSERT INTO recommendations_flagepisode
            (assignment_id, flag, raised_on, raised_because, cleared_on, cleared_because)
        SELECT spell.id, spell.flag, spell.begins, CASE WHEN spell.begins = %s THEN %s ELSE %s END,
               CASE WHEN spell.ends <= %s THEN spell.ends END,
               CASE WHEN spell.ends <= %s THEN %s ELSE '' END
        FROM spell
        WHERE NOT EXISTS (
            SELECT FROM recommendations_flagepisode episode
            WHERE episode.assignment_id = spell.id AND episode.flag = spell.flag
              AND (episode.cleared_on IS NULL OR episode.cleared_on >= spell.ends)
        )
        ON CONFLICT DO NOTHING
        """,  # noqa: S608  # nosec B608 # built from constants only
        [*spell_parameters, on, because, TIME_PASSED, on, on, TIME_PASSED],
    )


def _execute(sql: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)
