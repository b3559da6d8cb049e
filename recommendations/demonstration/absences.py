"""Makes an officer and an analyst be away, with a colleague as a stand-in."""

from datetime import date, timedelta

from forces import audit
from recommendations.demonstration.people import People
from recommendations.models import Absence
from recommendations.rules import start_of_day

AWAY_DAYS = 9


def write_absences(people: People, *, as_of: date) -> tuple[int, list[audit.NewEvent]]:
    """Write the absences from the day before; return how many, and the events to record.

    They are of the first force with two officers. The analyst who signs in is a stand-in.
    """
    officers = next(group for group in people.officers.values() if len(group) > 1)
    pairs = [(group[1], group[0]) for group in (officers, people.analysts)]
    from_on = as_of - timedelta(days=1)
    absences = Absence.objects.bulk_create(
        Absence(
            person=person,
            from_on=from_on,
            until_on=from_on + timedelta(days=AWAY_DAYS),
            stand_in=stand_in,
            set_by=person,
            set_at=start_of_day(from_on) - timedelta(hours=8),
        )
        for person, stand_in in pairs
    )
    return len(absences), [
        audit.NewEvent(
            at=absence.set_at,
            act="absence set",
            actor=absence.person,
            subject=absence.person,
            body=absence.person.body,
            details={
                "from_on": absence.from_on.isoformat(),
                "until_on": absence.until_on.isoformat(),
                "stand_in": absence.stand_in_id,
            },
        )
        for absence in absences
    ]
