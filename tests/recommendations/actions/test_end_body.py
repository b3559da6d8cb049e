"""Organisations that end: what moves, what stays, and what earlier days go on showing."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forces.accounts.memberships import add_membership
from forces.audit_check import check_trail
from forces.models import Body, BodyEnd, CalendarFeed, Membership, User
from forces.names import find_body
from forces.permissions import bodies_with_documents, may_see_documents
from forces.refusal import Refusal
from recommendations.actions.assign import assign
from recommendations.actions.change_due_date import change_due_date
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.end_body import apply_body_ends, cancel_body_end, record_body_end
from recommendations.actions.move_assignments import assignments_to_move
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.actions.record_ending import record_ending
from recommendations.actions.rename_body import rename_body
from recommendations.actions.request_extension import request_extension
from recommendations.actions.steps import save_step
from recommendations.models import Assignment, Draft, DueDateRequest
from recommendations.models.question import Side
from recommendations.positions import positions
from recommendations.positions.national import count, load
from recommendations.positions.past_time import AsAt
from recommendations.rules import Status, london_day
from tests.factories import ForceFactory, UserFactory, accept, claim, send_back, submit

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
    file = analyst_client.get("/downloads/heatmap/positions.csv").getvalue().decode()
    assert [line.split(",")[0] for line in file.splitlines()].count("Kent Police") == 1
    assert check_trail().findings == ()


def test_what_is_open_moves_with_the_people_who_go_on_with_it(world, maidstone):
    kent, officer = world.forces["Kent"], world.officer
    started, fresh = world.assignment("Kent", 2), world.assignment("Kent", 3)
    chief = UserFactory(name="Che Eef", role="chief_officer", body=kent)
    second = Membership.objects.create(
        person=UserFactory(role="liaison_officer", body=world.forces["Surrey"]),
        body=kent,
        role="liaison_officer",
        from_on=london_day(world.now) - DAY,
    )
    feed = CalendarFeed.objects.create(
        person=officer, body=kent, secret_hash="a" * 64, created_at=world.now
    )
    step = {"step": None, "seen": 0, "due_on": fresh.due_on, "reason": ""}
    step |= {"by": officer, "at": world.now, "assignment": fresh}
    save_step(title="Train", done_on=None, **step)
    save_step(title="Plan", done_on=london_day(world.now), **step)
    later = started.due_on + 90 * DAY
    change_due_date(assignment=started, to=later, reason="Agreed.", by=world.analyst, at=world.now)
    draft = open_draft(assignment=started, by=officer, at=world.now)
    save_draft(draft=draft, version=1, account="Nearly.", by=officer, at=world.now)
    fresh = world.assignment("Kent", 3)
    more = {"to": fresh.due_on + 30 * DAY, "reason": "Staff.", "by": officer, "at": world.now}
    request_extension(assignment=fresh, **more)
    Body.objects.filter(pk=maidstone.pk).update(requires_approval=True)
    asked = {"assignment": started, "text": "How many?", "at": world.now}
    question = ask_question(by=world.analyst, **asked)

    end_kent(world, into="Maidstone")
    moved = {row.recommendation.number: row for row in maidstone.assignments.all()}
    assert moved.keys() == {2, 3}
    assert (moved[2].due_on, moved[2].due_date_changes_count) == (later, 1)
    assert moved[2].original_due_on == started.original_due_on
    assert "Kent" in moved[2].latest_update.account
    assert Draft.objects.get(pk=draft.pk).assignment == moved[2]
    assert [row.title for row in moved[3].steps.all()] == ["Train"]
    request = DueDateRequest.objects.get(decision=None)
    assert (request.assignment, request.asked_by) == (moved[3], officer)
    feed.refresh_from_db()
    assert (feed.body, feed.revoked_at) == (maidstone, None)
    for person in (officer, chief):
        person = User.objects.get(pk=person.pk)
        assert (person.body, person.is_active) == (maidstone, True)
    kent.refresh_from_db()
    officer = User.objects.get(pk=officer.pk)
    assert may_see_documents(officer, kent)
    reply = reply_to_question(question=question, text="Ten.", by=officer, at=world.now)
    assert reply.side == Side.BODY
    assert find_body("kent") == maidstone  # as single sign-on does
    with pytest.raises(Refusal, match="Kent Police has ended"):
        add_membership(
            person=world.lead_officer,
            body=kent,
            role="liaison_officer",
            from_on=london_day(world.now),
            until_on=None,
            by=world.administrator,
            at=world.now,
        )
    assert set(Body.objects.filter(bodies_with_documents(officer))) == {kent, maidstone}
    assert not Membership.objects.open().filter(body=kent).exists()
    assert Membership.objects.open().filter(person=second.person, body=maidstone).exists()
    assert assign({fresh.recommendation: [kent.pk]}, assigned_at=world.now, at=world.now) == []
    with pytest.raises(Refusal, match="has moved to another organisation"):
        record_ending(
            assignment=started,
            kind="no_further_action",
            reason="No.",
            by=world.analyst,
            at=world.now,
        )
    assert positions.mismatched_ids() == []
    assert check_trail().findings == ()


def test_a_recommendation_that_the_successor_has_counts_once(world):
    totals = count(load(world.inspection, today=london_day(world.now)).force_positions)
    own = positions.today(world.inspection, on=london_day(world.now), body=world.forces["Essex"])
    end_kent(world)
    after = count(load(world.inspection, today=london_day(world.now)).force_positions)
    assert after.total == totals.total - 2
    assert (after.implemented, after.withdrawn) == (totals.implemented, 0)
    assert own == positions.today(
        world.inspection, on=london_day(world.now), body=world.forces["Essex"]
    )


def test_a_claim_is_decided_where_it_was_made_and_moves_if_it_is_returned(world, maidstone):
    essex, claimed = world.forces["Essex"], world.assignment("Essex", 1)
    end_kent(world, into="Maidstone", body=essex)
    assert not maidstone.assignments.filter(recommendation=claimed.recommendation).exists()
    assert apply_body_ends(at=world.now) == ""
    send_back(claimed.latest_update, at=world.now, by=world.analyst)
    assert apply_body_ends(at=world.now) == "Ended: Essex Police."
    moved = maidstone.assignments.get(recommendation=claimed.recommendation)
    assert moved.status == Status.IN_PROGRESS
    assert Assignment.objects.get(pk=claimed.pk).ending == "moved"


def test_a_later_end_can_be_changed_and_cancelled_until_its_day(world, maidstone):
    kent, today = world.forces["Kent"], london_day(world.now)
    first = end_kent(world, ends_on=today + 3 * DAY)
    with pytest.raises(Refusal, match="Somebody has changed this"):
        end_kent(world, ends_on=today + 5 * DAY)
    with pytest.raises(Refusal, match="Kent Police ends on"):
        end_kent(world, body=world.forces["Surrey"], into="Kent")
    with pytest.raises(Refusal, match="will be the successor of Kent Police"):
        end_kent(world, body=world.forces["Essex"], into="Surrey")
    with pytest.raises(Refusal, match="today or later"):
        end_kent(world, ends_on=today - DAY, corrects=first)
    cancelled = {"reason": "Dropped.", "by": world.administrator, "at": world.now}
    cancel_body_end(end=first, **cancelled)
    assert apply_body_ends(at=world.now + 9 * DAY) == ""
    end = end_kent(world, into="Maidstone", ends_on=today + DAY)
    end = end_kent(world, into="Maidstone", ends_on=today + 2 * DAY, corrects=end)
    assert apply_body_ends(at=world.now + DAY) == ""
    assert apply_body_ends(at=world.now + 2 * DAY) == "Ended: Kent Police."
    assert apply_body_ends(at=world.now + 2 * DAY) == ""
    with pytest.raises(Refusal, match="has ended"):
        cancel_body_end(end=end, **cancelled)
    Body.objects.filter(pk=world.lead.pk).update(reviews_claims=True)
    with pytest.raises(Refusal, match="reviews claims"):
        end_kent(world, body=world.lead, into="")
    kent.refresh_from_db()
    assert london_day(kent.ended_at) == today + 2 * DAY
    assert kent.succeeded_by == maidstone
    end_kent(world, body=maidstone, into="Surrey", at=world.now + 3 * DAY)
    kent.refresh_from_db()
    assert kent.succeeded_by == world.forces["Surrey"]
    assert [BodyEnd.objects.count(), len(check_trail().findings)] == [5, 0]


def test_without_a_successor_what_is_open_ends(world):
    end_kent(world, into="")
    statuses = world.forces["Kent"].assignments.order_by("recommendation__number")
    assert [row.ending for row in statuses] == ["", "no_further_action", "no_further_action"]
    assert not User.objects.get(pk=world.officer.pk).is_active


STEPS = st.tuples(
    st.sampled_from(["submit", "claim", "accept", "return", "rename", "end", "end"]),
    st.sampled_from(["Kent", "Essex", "Surrey", "Norfolk"]),
    st.sampled_from(["Kent", "Essex", "Surrey", "Norfolk", "Maidstone", ""]),
    st.integers(1, 3),
)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=4, max_size=9))
def test_random_mergers_conserve_sums_and_leave_past_days_alone(world, maidstone, steps):
    seen = {}
    with transaction.atomic():
        for days, (act, force, other, number) in enumerate(steps, start=1):
            at = world.now + days * DAY
            _do(world, act, force, other, number, at=at)
            seen[at] = positions.as_at(world.inspection, on=london_day(at), before=at + DAY / 4)
            assert positions.mismatched_ids() == []
        for at, rows in seen.items():
            before = at + DAY / 4
            again = positions.as_at(world.inspection, on=london_day(at), before=before)
            assert again == rows
        assert check_trail().findings == ()
        transaction.set_rollback(True)


def _do(world, act, force, other, number, *, at):
    """Do it unless the service refuses it; if it ends a force, compare the sums."""
    body = Body.objects.get(pk=world.forces[force].pk)
    assignment = world.assignment(force, number)
    if act == "rename":
        name = f"{force} {london_day(at).day} Police"
        common = {"body": body, "name": name, "short_name": force, "since": london_day(at)}
        rename_body(**common, by=world.administrator, at=at)
    elif act in ("accept", "return") and assignment.is_waiting_for_review:
        decide = accept if act == "accept" else send_back
        decide(assignment.latest_update, at=at, by=world.analyst)
        apply_body_ends(at=at)
    elif act in ("submit", "claim") and assignment.is_open:
        (submit if act == "submit" else claim)(assignment, at=at)
    elif act == "end":
        successor = Body.objects.filter(short_name=other).first()
        merging = len(assignments_to_move(body, successor).merging)
        ending = 0 if successor else len(assignments_to_move(body, None).moving)
        before = count(load(world.inspection, today=london_day(at)).force_positions)
        try:
            end_kent(world, into=other, body=body, at=at)
        except Refusal:
            return
        after = count(load(world.inspection, today=london_day(at)).force_positions)
        assert after.total == before.total - merging - ending
        for status in (Status.IMPLEMENTED, Status.EVIDENCE_SUBMITTED):
            assert after.statuses[status] == before.statuses[status]
        assert after.withdrawn == before.withdrawn + ending
