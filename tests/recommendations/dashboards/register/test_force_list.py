import pytest
from bs4 import BeautifulSoup

from recommendations import rules
from recommendations.dashboards.register.force_list import FORCE_COLUMNS, FORCE_KEYS, force_list
from recommendations.dashboards.register.recommendation_list import (
    RECOMMENDATION_COLUMNS,
    RECOMMENDATION_KEYS,
    recommendation_rows,
)
from recommendations.positions.national import NationalPosition, load
from recommendations.rules import Flag

pytestmark = pytest.mark.django_db


@pytest.fixture
def national(world) -> NationalPosition:
    return load(world.inspection, today=rules.london_day(world.now))


def test_every_column_with_a_link_can_be_sorted():
    for columns, keys in (
        (FORCE_COLUMNS, FORCE_KEYS),
        (RECOMMENDATION_COLUMNS, RECOMMENDATION_KEYS),
    ):
        assert {column.key for column in columns if column.key} == set(keys)


def test_a_force_has_its_figures_and_a_cell_for_every_recommendation(national):
    forces = {row.name: row for row in force_list(national).forces}
    kent = forces["Kent"]
    assert (kent.done, kent.total, kent.overdue, kent.longest_overdue) == (1, 3, 1, 12)
    cells = BeautifulSoup(kent.letters, "html.parser").find_all("td")
    assert [cell.text for cell in cells] == ["IM", "RT", "NS"]
    assert "app-cell--overdue" in cells[1].span["class"]
    assert forces["Essex"].claims == 1
    assert forces["Surrey"].at_risk == 1
    assert forces["Surrey"].heard == 50
    flagged = sum(Flag.STALE in p.flags for p in national.force_positions)
    assert sum(row.stale for row in forces.values()) == flagged


def test_forces_sort_by_overdue_then_by_days(national):
    rows = force_list(national, sort="-overdue").forces
    figures = [(row.overdue, row.longest_overdue) for row in rows]
    assert figures == sorted(figures, reverse=True)


def test_the_figures_of_recommendations_add_up_to_those_of_the_forces(national):
    rows, forces = recommendation_rows(national), force_list(national).forces
    for name in ("done", "total", "claims", "overdue", "at_risk"):
        assert sum(getattr(row, name) for row in rows) == sum(getattr(row, name) for row in forces)
