"""Joint actions: creating, reading, closing and accepting them, and the database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from forces.refusal import Refusal
from recommendations.actions.end_body import record_body_end
from recommendations.actions.joint_actions import create_joint_action, extend_joint_action
from recommendations.dashboards.fragmentation.measure import Share
from recommendations.dashboards.joint_actions.rows import share_of_forces_at
from recommendations.dashboards.waiting_counts import waiting_counts
from recommendations.models import JointAction, JointEvent
from recommendations.rules import london_day
from tests.factories import OfficerFactory, add_joint_action, joint_event, with_evidence
from tests.recommendations.pages.pages import text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def action(world):
    """Kent created it with Essex 40 days ago; it was due ten days ago."""
    at = world.now - 40 * DAY
    kent = world.assignment("Kent", 3)
    return add_joint_action(kent, world.forces["Essex"], at=at, by=world.officer)


@pytest.fixture
def essex(world):
    return OfficerFactory(name="Es Sex", body=world.forces["Essex"])


def test_a_joint_action_goes_from_steps_to_evidence_and_acceptance(world, action, essex):
    now = world.now
    step = action.steps.get()
    joint_event(action, "step_done", at=now, by=essex, step=step, text="")
    with pytest.raises(Refusal, match="Somebody has changed"):
        joint_event(action, "step_done", at=now, by=world.officer, step=step, text="")
    claim = with_evidence(action.assignment, by=world.officer, at=now)
    for update in (None, world.assignment("Kent", 2).latest_update):
        with pytest.raises(Refusal, match="whose files"):
            joint_event(action, "closed", at=now, by=world.officer, update=update)
    joint_event(action, "closed", at=now, by=world.officer, update=claim)
    world.inspection.refresh_from_db()
    assert waiting_counts(world.inspection, world.analyst).joint_actions == 1
    with pytest.raises(Refusal, match="cannot do that now"):
        joint_event(action, "progress", at=now, by=essex)
    returned = joint_event(action, "returned", at=now, by=world.analyst, text="Not yet.")
    again = joint_event(
        action, "returned", at=now, by=world.analyst, text="Not yet.", seen=returned.number - 1
    )
    assert again == returned
    joint_event(action, "closed", at=now, by=world.officer, update=claim)
    joint_event(action, "accepted", at=now, by=world.analyst, text="")
    with pytest.raises(Refusal, match="cannot do that now"):
        joint_event(action, "progress", at=now, by=world.officer)
    with pytest.raises(Refusal, match="closed"):
        extend_joint_action(action=action, title="More", due_on=None, by=world.officer, at=now)
    events = list(action.events.values_list("kind", "body__short_name"))
    assert events == [
        ("step_done", "Essex"),
        ("closed", "Kent"),
        ("returned", None),
        ("closed", "Kent"),
        ("accepted", None),
    ]


def test_only_the_organisations_of_a_joint_action_act_in_it(world, action, essex):
    surrey = OfficerFactory(body=world.forces["Surrey"])
    for by, kind in (
        (surrey, "progress"),
        (essex, "cancelled"),
        (world.analyst, "progress"),
        (world.analyst, "accepted"),
    ):
        with pytest.raises(Refusal, match="cannot do that now"):
            joint_event(action, kind, at=world.now, by=by)
    with pytest.raises(Refusal, match="cannot do that now"):
        extend_joint_action(action=action, participants=[surrey.body], by=essex, at=world.now)
    with pytest.raises(Refusal, match="Enter what"):
        joint_event(action, "progress", at=world.now, by=essex, text="")
    with pytest.raises(Refusal, match="a telephone number"):
        joint_event(action, "progress", at=world.now, by=essex, text="Ask on 07700 900123.")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"participants": []}, "at least one other"),
        ({"due_on": None}, "today or in the future"),
        ({"force": "Essex"}, "cannot do that now"),
        ({"number": 1}, "closed"),
    ],
)
def test_a_joint_action_that_cannot_be_is_refused(world, change, error):
    today = london_day(world.now)
    place = world.assignment(change.get("force", "Kent"), change.get("number", 3))
    with pytest.raises(Refusal, match=error):
        create_joint_action(
            assignment=place,
            title="One list",
            text="Both use it.",
            due_on=today - DAY if "due_on" in change else today,
            participants=change.get("participants", [world.forces["Surrey"]]),
            by=world.officer,
            at=world.now,
        )
    assert not JointAction.objects.exists()


def test_the_database_refuses_events_that_do_not_follow(world, action, essex):
    def add(number, kind, **values):
        row = {"text": "So.", "happened_at": world.now, "by": essex, "body": essex.body} | values
        with transaction.atomic(), connection.cursor() as cursor:
            JointEvent.objects.create(action=action, number=number, kind=kind, **row)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    claim = with_evidence(action.assignment, by=world.officer, at=world.now)
    without_files = world.assignment("Kent", 2).latest_update
    kent, nobody = {"by": world.officer, "body": world.officer.body}, {"body": None}
    for number, kind, values in (
        (2, "progress", {}),
        (1, "progress", {"body": world.forces["Surrey"]}),
        (1, "progress", {"happened_at": world.now - 41 * DAY}),
        (1, "cancelled", {}),
        (1, "closed", {"update": claim}),
        (1, "closed", kent | {"update": without_files}),
        (1, "accepted", nobody | {"by": world.analyst}),
    ):
        with pytest.raises(IntegrityError):
            add(number, kind, **values)
    add(1, "closed", **kent, update=claim)
    for kind, values in (("progress", {}), ("accepted", nobody | {"by": world.officer})):
        with pytest.raises(IntegrityError):
            add(2, kind, **values)
    add(2, "accepted", **nobody | {"by": world.analyst})
    with pytest.raises(IntegrityError):
        add(3, "progress")


def test_participants_and_analysts_read_it_and_others_see_a_figure(client, world, action, essex):
    joint_event(action, "progress", at=world.now, by=essex, text="Two lists are merged.")
    page, table = reverse("joint_action", args=[action.pk]), reverse("joint_actions")
    file = "/downloads/joint-actions/joint-actions.csv"
    surrey = OfficerFactory(body=world.forces["Surrey"])
    for reader, is_shown in (
        *((world.officer, True), (essex, True), (world.analyst, True)),
        *((surrey, False), (world.observer, False)),
    ):
        client.force_login(reader)
        response, shown = client.get(page), text_of(client.get(table))
        assert response.status_code == (200 if is_shown else 404), reader
        assert ("Two lists are merged." in text_of(response)) is is_shown
        assert ("One list" in shown) is is_shown
        assert ("One list" in client.get(file).content.decode()) is is_shown
        assert "1 joint action, 1 overdue" in shown
        about = text_of(client.get(reverse("recommendation", args=[3])))
        assert "1 joint action, 1 overdue" in about


def test_a_past_day_shows_what_was_recorded_by_then(client, world, action, essex):
    joint_event(action, "progress", at=world.now, by=essex, text="Two lists are merged.")
    client.force_login(world.analyst)
    page, day = reverse("joint_action", args=[action.pk]), london_day(world.now) - 5 * DAY
    then = text_of(client.get(f"{page}?as_at={day}"))
    assert "Agree the fields" in then
    assert "Two lists are merged." not in then
    assert client.get(f"{page}?as_at={day - 60 * DAY}").status_code == 404
    listed = text_of(client.get(f"{reverse('joint_actions')}?as_at={day - 60 * DAY}"))
    assert "0 joint actions" in listed


def test_the_share_of_forces_counts_owners_and_participants_of_live_ones(world, action, essex):
    before = world.now - DAY
    other = add_joint_action(world.assignment("Essex", 3), world.lead, at=before, by=essex)
    shared = add_joint_action(
        world.assignment("Surrey", 3), world.forces["Kent"], world.lead, at=before
    )
    joint_event(action, "cancelled", at=world.now, by=world.officer)
    joint_event(other, "cancelled", at=world.now, by=essex)

    def share(at=None):
        return share_of_forces_at(world.inspection, before=at)

    assert share(world.now - 41 * DAY) == Share(0, 4)
    assert share(before) == Share(2, 4)  # Kent and Essex
    assert share(world.now) == Share(3, 4)  # and Surrey
    assert share() == Share(2, 4)  # Surrey and Kent
    assert share().percent == 50
    assert shared.participants.count() == 2


def test_the_successor_of_an_organisation_acts_for_it(world, action, essex):
    yesterday = world.now - DAY
    norfolk = OfficerFactory(body=world.forces["Norfolk"])
    record_body_end(
        body=world.forces["Kent"],
        ends_on=london_day(world.now),
        successor=norfolk.body,
        reason="A merger.",
        corrects=None,
        by=world.administrator,
        at=world.now,
    )
    joint_event(action, "progress", at=world.now, by=norfolk)
    joint_event(action, "cancelled", at=world.now, by=norfolk)
    assert {event.body.short_name for event in action.events.all()} == {"Kent"}
    add_joint_action(world.assignment("Essex", 3), norfolk.body, at=world.now, by=essex)
    assert share_of_forces_at(world.inspection) == Share(2, 3)
    assert share_of_forces_at(world.inspection, before=yesterday) == Share(2, 4)


def test_forms_create_extend_and_record(client, world, essex):
    client.force_login(world.officer)
    kent, due = world.assignment("Kent", 3), london_day(world.now) + 20 * DAY
    create = reverse("joint_action_create", args=["kent", "3"])
    day = {"due_on_day": due.day, "due_on_month": due.month, "due_on_year": due.year}
    facts = {"title": "One list", "text": "Both use it.", "participants": ["essex"]} | day
    assert "at least one other" in text_of(client.post(create, facts | {"participants": []}))
    assert "looks like an email" in text_of(client.post(create, facts | {"text": "Ask a@b.uk"}))
    client.post(create, facts)
    action = JointAction.objects.get(assignment=kent)
    extend = reverse("joint_action_extend", args=[action.pk])
    assert "Enter a step" in text_of(client.post(extend, {}))
    client.post(extend, {"title": "Agree", "participants": ["home-office"]} | day)
    assert (action.steps.count(), action.participants.count()) == (1, 2)
    page = reverse("joint_action", args=[action.pk])
    assert "first" in text_of(client.get(page))  # send an update with files, to close it
    client.force_login(essex)
    assert client.get(extend).status_code == 404
    record = {"kind": "step_done", "step": "1", "seen": "0"}
    assert "Select the step" in text_of(client.post(page, record | {"step": ""}))
    assert client.post(page, record).status_code == 302
    assert client.post(page, record | {"kind": "progress", "text": "More."}).status_code == 409
    assert action.events.get().body == essex.body
