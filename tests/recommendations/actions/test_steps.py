"""The dated steps of an assignment: history, past days and what the database refuses."""

from datetime import timedelta
from random import Random

import pytest
from django.db import DatabaseError, connection

from forces.refusal import Refusal
from recommendations.actions.steps import needs_reason, save_step
from recommendations.dashboards.assignment.steps import step_list
from recommendations.dashboards.assignment.timeline import timeline_of
from recommendations.dashboards.visibility import FULL_VISIBILITY, visibility_of
from recommendations.exports.step_table import steps_table
from recommendations.models import Step
from recommendations.models.step import MAX_STEPS
from recommendations.positions.national import load
from recommendations.rules import london_day
from tests.recommendations.emails.examples import body_digest, rows_of

pytestmark = pytest.mark.django_db


def save(world, *, step=None, seen=0, days=10, done=None, at=None, **options):
    at = at or world.now
    on = london_day(world.now)
    values = {"title": "Train staff", "reason": ""} | options
    return save_step(
        assignment=world.assignment("Kent", 3), step=step, seen=seen,
        due_on=on + timedelta(days=days), done_on=done, by=world.officer, at=at, **values,
    )  # fmt: skip


def test_a_step_that_slips_needs_a_reason(world):
    first = save(world)
    with pytest.raises(Refusal, match="Enter why the step is late"):
        save(world, step=1, seen=1, days=11)
    later = world.now + timedelta(days=12)
    with pytest.raises(Refusal, match="Enter why the step is late"):
        save(world, step=1, seen=1, done=london_day(later), at=later)
    done = save(world, step=1, seen=1, done=first.due_on, at=later)  # on its day, entered later
    assert (done.step, done.number) == (1, 2)
    row = {field.attname: getattr(done, field.attname) for field in Step._meta.fields}
    late = row | {"id": None, "number": 3, "due_on": done.due_on + timedelta(days=1)}
    Step.objects.create(**late)
    with pytest.raises(DatabaseError, match="slipped without a reason"):
        connection.check_constraints()


def test_the_digest_of_officers_names_steps_that_passed(world):
    save(world, days=2)
    assert rows_of(body_digest(world), "Steps that have passed") == []
    save(world, title="Hire staff", days=-2)
    [row] = rows_of(body_digest(world), "Steps that have passed")
    assert row.note == "Hire staff: was due on 23 November."
    assert row.links[0].path == "/forces/kent/3/steps/"


def test_what_was_changed_meanwhile_or_twice_or_is_full_is_not_saved(world):
    assert save(world) == save(world)  # a second click
    save(world, step=1, seen=1, title="Train all staff")
    with pytest.raises(Refusal, match="Somebody has changed this step"):
        save(world, step=1, seen=1, title="Train new staff")
    for number in range(2, MAX_STEPS + 1):
        save(world, title=f"Step {number}")
    with pytest.raises(Refusal, match="already 8 steps"):
        save(world, title="One more")
    save(world, step=8, seen=1, title="Step 8", is_removed=True)
    assert save(world, title="One more").step == 9
    with pytest.raises(Refusal, match="Somebody has changed"):
        save(world, step=8, seen=2, title="Again")


@pytest.mark.parametrize("seed", range(5))
def test_the_steps_of_every_day_are_those_of_an_oracle(world, seed):
    """The oracle changes a dictionary; the service reads its rows back as at each day."""
    rng, steps, by_day = Random(seed), {}, {}
    assignment, start = world.assignment("Kent", 3), world.now
    for day in range(30):
        at, on = start + timedelta(days=day), london_day(start + timedelta(days=day))
        for _ in range(rng.randrange(3)):
            key = rng.choice([None, *(key for key, row in steps.items() if row)])
            if key is None and sum(bool(row) for row in steps.values()) == MAX_STEPS:
                continue
            last = assignment.steps.filter(step=key).last() if key else None
            due_on = on + timedelta(days=rng.randrange(-3, 20))
            done_on = on - timedelta(days=rng.randrange(3)) if last and rng.random() < 0.3 else None
            is_removed = last is not None and rng.random() < 0.1
            slips = needs_reason(last, due_on=due_on, done_on=done_on, on=on)
            row = save_step(
                assignment=assignment, step=key, seen=last.number if last else 0,
                title=f"Step {rng.random()}", due_on=due_on, done_on=done_on,
                reason="Ill." if slips else "", is_removed=is_removed, by=world.officer, at=at,
            )  # fmt: skip
            assert row.step == (key or len(steps) + 1)
            steps[row.step] = None if is_removed else (row.title, due_on, done_on)
        by_day[on] = sorted((row[1], key, row) for key, row in steps.items() if row)
    connection.check_constraints()
    for on, expected in by_day.items():
        timeline = timeline_of(assignment, until=on)
        shown = [(line.due_on, line.step, (line.title, line.due_on, line.done_on))
                 for line in timeline.steps.lines]  # fmt: skip
        assert shown == expected
        end = start.replace(hour=0) + timedelta(days=(on - london_day(start)).days + 1)
        current = Step.objects.current(before=end)
        assert [row.step for row in current] == [key for _, key, _ in expected]
    passed = [line for line in step_list(assignment.steps.all(), on=on).lines if line.is_passed]
    assert all(line.due_on < on and line.done_on is None for line in passed)


def test_the_officer_adds_and_moves_a_step_on_its_page_and_readers_see_it(world, client):
    client.force_login(world.officer)
    path = "/forces/kent/3/steps/"
    new = {"title": "Train staff", "due_on_day": "4", "due_on_month": "1", "due_on_year": "2027"}
    page = client.post(path, new | {"seen": "0"}, follow=True).content.decode()
    assert "0 of 1 step done. Next: Train staff, due on 4 January 2027." in page
    later = new | {"due_on_day": "9", "seen": "1"}
    assert "Enter why the step is late" in client.post(f"{path}1/", later).content.decode()
    client.post(f"{path}1/", later | {"reason": "The trainer is ill."})
    client.force_login(world.analyst)
    page = client.get("/forces/kent/3/").content.decode()
    assert "Next: Train staff, due on 9 January 2027" in page
    assert "The trainer is ill." in page
    assert client.get(path).status_code == 404
    yesterday = london_day(world.now) - timedelta(days=1)
    assert "Train staff" not in client.get(f"/forces/kent/3/?as_at={yesterday}").content.decode()


def test_steps_are_in_files_for_those_who_see_the_updates(world):
    save(world, days=-2)
    inspection = world.inspection
    national = load(inspection, None, today=london_day(world.now))
    for reader, expected in ((world.analyst, 1), (world.officer, 1), (world.observer, 0)):
        table = steps_table(national, national.positions, visibility=visibility_of(reader))
        assert len(table.rows) == expected
    [row] = steps_table(national, national.positions, visibility=FULL_VISIBILITY).rows
    assert row[3:] == ["Train staff", london_day(world.now) - timedelta(days=2), None, "Yes", None]
