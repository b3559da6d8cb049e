"""Organisations that end: what moves, what stays, and what earlier days go on showing."""

import re
from datetime import timedelta

import pytest
from django.db import transaction

from forces.audit_check import check_trail
from forces.models import Body, BodyEnd, CalendarFeed, Membership, User
from forces.permissions import bodies_with_documents, may_see_documents
from forces.refusal import Refusal
from recommendations.actions.assign import assign
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.end_body import apply_body_ends, cancel_body_end, record_body_end
from recommendations.actions.record_ending import record_ending
from recommendations.actions.request_extension import request_extension
from recommendations.actions.steps import save_step
from recommendations.models import Assignment, Draft, DueDateRequest
from recommendations.positions import positions
from recommendations.positions.national import count, load
from recommendations.positions.past_time import AsAt
from recommendations.rules import Status, london_day
from tests.factories import AssignmentFactory, ForceFactory, UserFactory, send_back

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGES = (
    *("/", "/heatmap/", "/trends/", "/forces/", "/recommendations/2/", "/recommendations/"),
    *("/forces/norfolk/", "/forces/kent/2/", "/regions/south-east/", "/deadlines/"),
    *("/downloads/heatmap/positions.csv", "/downloads/forces/forces.csv"),
)


def end_kent(world, *, into="Essex", ends_on=None, at=None, body=None, corrects=None):
    at = at or world.now
    return record_body_end(
        body=body or world.forces["Kent"],
        ends_on=ends_on or london_day(at),
        successor=world.forces.get(into),
        reason="The Kent and Essex Merger Order.",
        corrects=corrects,
        by=world.administrator,
        at=at,
    )


@pytest.fixture
def maidstone(world):
    """A new force that succeeds Kent, with no assignments."""
    world.forces["Maidstone"] = ForceFactory(short_name="Maidstone", tile_column=9, tile_row=9)
    return world.forces["Maidstone"]


def text_of(client, path, on):
    response = client.get(f"{path}?as_at={on}")
    assert response.status_code == 200, path
    text = response.getvalue() if response.streaming else response.content
    return re.sub(rb'(nonce|csrfmiddlewaretoken" value|content)="[^"]{20,}"', b"", text)


def test_days_before_stay_the_same_and_sums_are_conserved(world, maidstone, analyst_client):
    today = london_day(world.now)
    yesterday = AsAt(today - DAY)
    pages = {path: text_of(analyst_client, path, yesterday) for path in PAGES}
    past = positions.as_at(world.inspection, on=yesterday.on)
    before = count(load(world.inspection, today=today).force_positions)
    end_kent(world, into="Maidstone")
    assert positions.as_at(world.inspection, on=yesterday.on) == past
    for path in PAGES:
        assert text_of(analyst_client, path, yesterday) == pages[path], path
    national = load(world.inspection, today=today)
    assert count(national.force_positions).statuses == before.statuses
    assert positions.mismatched_ids() == []
    kent = national.of(world.forces["Kent"])
    assert [p.status for p in kent.values()] == ["implemented", "withdrawn", "withdrawn"]
    maidstone = national.of(world.forces["Maidstone"])
    assert {r: p.status for r, p in maidstone.items()} == {"2": "in_progress", "3": "not_started"}
    assert "Kent" not in [body.short_name for body in national.forces]
    heatmap = analyst_client.get("/heatmap/").content.decode()
    assert "This includes what Kent had implemented before it ended." in heatmap
    assert "/forces/kent/" not in heatmap.partition("<main")[2]
    assert check_trail().findings == ()
