"""The demonstration is a plausible year, the same for the same seed, in an empty database only."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from forces.audit_check import check_trail
from forces.models import Body, User
from recommendations import rules, update_rules
from recommendations.dashboards.responses.responses import count_overdue
from recommendations.demonstration.load import load_demonstration
from recommendations.models import (
    Absence,
    Aspect,
    AspectCheck,
    Assignment,
    Certainty,
    Draft,
    DueDateChange,
    DueDateDecision,
    DueDateRequest,
    FlagEpisode,
    Inspection,
    Question,
    Reminder,
    Response,
    Review,
    ReviewAssignee,
    Update,
    Withdrawal,
)
from recommendations.models.question import Side
from recommendations.positions import flag_episodes, positions
from recommendations.rules import Flag, Status
from tests.factories import UserFactory
from tests.row_cache import create_once

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 11, 23)


def load(as_of: date = AS_OF, seed: int = 1) -> list[positions.Position]:
    load_demonstration(as_of=as_of, seed=seed, password=make_password(None))
    return positions.today(Inspection.objects.current(), on=as_of)


@dataclass(frozen=True)
class LoadedYear:
    now: datetime


def load_year() -> LoadedYear:
    year = LoadedYear(timezone.now())
    load()
    return year


@pytest.fixture
def positions_of_year() -> list[positions.Position]:
    """The positions of AS_OF, of data that are loaded once and then copied."""
    create_once(load_year)
    return positions.today(Inspection.objects.current(), on=AS_OF)


@pytest.fixture
def updates_of_year() -> list[tuple]:
    """The updates of AS_OF; the database is empty again."""
    with transaction.atomic():
        create_once(load_year)
        updates = written_updates()
        transaction.set_rollback(True)
    return updates


def written_updates() -> list[tuple]:
    """Return the updates without the primary keys of the database."""
    return list(
        Update.objects.order_by("submitted_at", "token").values_list(
            "token", "submitted_at", "status", "account", "submitted_by__email"
        )
    )


def test_it_is_a_plausible_year(positions_of_year):
    loaded = positions_of_year
    forces = {body.pk for body in Body.objects.forces()}
    force_positions = [position for position in loaded if position.body_id in forces]
    share = {
        status: count / len(force_positions)
        for status, count in Counter(position.status for position in force_positions).items()
    }
    assert len(forces) == 43
    assert 0.25 < share[Status.IMPLEMENTED] < 0.5
    assert 0.08 < share[Status.EVIDENCE_SUBMITTED] < 0.25
    assert 0.04 < share[Status.NOT_STARTED] < 0.15
    assert (
        0.05
        < sum(position.is_overdue for position in force_positions) / len(force_positions)
        < 0.15
    )
    late_leads = {p.body_id for p in loaded if p.body_id not in forces and p.is_overdue}
    assert len(late_leads) == 2
    assert Absence.objects.exclude(stand_in=None).count() == 2
    inspection = Inspection.objects.current()
    assert 3 <= count_overdue(inspection, on=AS_OF) <= 12
    own = Response.objects.filter(entered_by__email="pcc@example.org", is_on_behalf=False)
    assert own.count() == 2  # one for each inspection
    assert Withdrawal.objects.exists()
    assert Draft.objects.exists()
    assert Review.objects.filter(decision="returned").exists()
    assert DueDateChange.objects.exists()
    outcomes = set(DueDateRequest.objects.values_list("decision__outcome", flat=True))
    assert outcomes == {None, *DueDateDecision.Outcome.values}
    open_questions = Question.objects.open()
    assert {question.side for question in open_questions} == set(Side)
    assert Question.objects.count() > open_questions.count()
    assert Reminder.objects.exists()
    assert ReviewAssignee.objects.exists()
    assert 3 <= sum(update_rules.has_many_no_changes(position) for position in loaded) <= 20
    assert any(position.is_late for position in loaded)
    assert any(Flag.STALE in position.flags for position in loaded)


@pytest.mark.usefixtures("positions_of_year")
def test_it_has_parts_forces_that_are_not_asked_and_an_aspect_confirmed_by_two_people():
    rows = Inspection.objects.current().recommendations.all()
    assert [row.reference for row in rows if row.part] == ["9a", "9b"]
    assert [row.reference for row in rows if not row.asks_forces] == ["9a"]
    assert rows.get(reference="9a").assignments.get().is_lead
    confirmed = AspectCheck.objects.get(certainty=Certainty.CONFIRMED)
    assert confirmed.entered_by != confirmed.checked_by
    assert rows.get(reference="6").certainty(Aspect.DEADLINE) == Certainty.CONFIRMED


@pytest.mark.usefixtures("positions_of_year")
def test_a_second_inspection_asks_half_of_the_forces():
    first, second = Inspection.objects.in_order()
    assert (first.recommendations.count(), second.recommendations.count()) == (11, 3)
    found = positions.today(second, on=AS_OF)
    asked = {position.body_id for position in found} & set(
        Body.objects.forces().values_list("pk", flat=True)
    )
    assert 21 <= len(asked) <= 23
    assert any(position.is_overdue for position in found)
    assert any(position.status == Status.IMPLEMENTED for position in found)


@pytest.mark.usefixtures("positions_of_year")
def test_it_meets_all_constraints_and_needs_no_settling():
    connection.check_constraints()
    assert positions.mismatched_ids() == []
    assert check_trail().findings == ()
    assert flag_episodes.settle(Assignment.objects.all(), on=AS_OF) == flag_episodes.Settled(0, 0)


@pytest.mark.usefixtures("positions_of_year")
def test_its_flag_episodes_are_those_of_a_nightly_job():
    inspection = Inspection.objects.current()
    for on in (date(2026, 3, 29), date(2026, 7, 1), date(2026, 10, 1), date(2026, 11, 22)):
        past = positions.as_at(inspection, on=on)
        expected = {(p.assignment_id, flag) for p in past for flag in p.flags}
        own = FlagEpisode.objects.filter(assignment__recommendation__inspection=inspection)
        raised = own.filter(raised_on__lte=on).exclude(cleared_on__lte=on)
        assert set(raised.values_list("assignment_id", "flag")) == expected, on


def test_another_seed_gives_different_data(updates_of_year):
    load(seed=2)
    assert written_updates() != updates_of_year


@pytest.mark.parametrize("as_of", [date(2026, 1, 11), date(2024, 2, 29), date(2027, 12, 31)])
def test_it_loads_for_any_day(as_of):
    assert len(load(as_of)) == 441
    assert not Update.objects.filter(submitted_at__gte=rules.start_of_day(as_of)).exists()


def test_it_does_not_load_into_a_database_with_people():
    UserFactory()
    with pytest.raises(CommandError, match="holds 1 people"):
        call_command("load_demo")
    assert not Inspection.objects.exists()


def test_it_does_not_load_into_a_database_with_the_real_register():
    call_command("load_register")
    with pytest.raises(CommandError, match="1 inspections"):
        call_command("load_demo")
    assert not Inspection.objects.get().is_synthetic


@pytest.mark.parametrize("sign_ins", [False, True])
def test_it_does_not_run_in_production(settings, sign_ins):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, name="production")
    with pytest.raises(CommandError, match="cannot be used in production"):
        call_command("load_demo", sign_ins=sign_ins)
    assert not Inspection.objects.exists()


def test_if_empty_does_nothing_in_a_filled_database(capsys):
    call_command("load_register")
    call_command("load_demo", if_empty=True)
    assert "Nothing was loaded" in capsys.readouterr().out


def test_the_same_seed_gives_the_same_data_and_six_people_can_sign_in(
    updates_of_year, capsys, client
):
    call_command("load_demo", as_of=AS_OF, seed=1)
    assert written_updates() == updates_of_year
    capsys.readouterr()
    call_command("load_demo", sign_ins=True)
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == 6
    for line in lines:
        email, password = line.split()[-2:]
        assert client.login(username=email, password=password)
    assert not User.objects.exclude(email__regex=r"[@.]example\.org$").exists()
