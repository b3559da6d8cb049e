"""Updates that a chief officer has to approve before they are submitted."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from forces.models import AuditEvent, Body, Role
from forces.refusal import Refusal
from recommendations.actions.confirm_no_change import confirm_no_change
from recommendations.actions.decide_approval import approve_update, return_update
from recommendations.actions.drafts import discard_draft, open_draft, save_draft
from recommendations.actions.import_updates import PlannedUpdate, import_updates
from recommendations.actions.request_approval import request_approval, take_back
from recommendations.actions.require_approval import require_approval
from recommendations.actions.submit_update import content_hash, submit_update
from recommendations.models import ApprovalDecision, Draft, Update
from recommendations.models.answers import ANSWERS
from recommendations.retention.handlers import discard_drafts
from tests.database import as_superuser
from tests.factories import UserFactory, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def kent(world):
    kent = world.forces["Kent"]
    UserFactory(name="Ann Lee", role=Role.CHIEF_OFFICER, body=kent)
    UserFactory(name="Bo Rye", role=Role.CHIEF_OFFICER, body=kent)
    require_approval(body=kent, wanted=True, shown=False, by=world.administrator, at=world.now)
    return kent


@pytest.fixture
def chief(kent):
    return kent.people.get(name="Ann Lee")


@pytest.fixture
def second_chief(kent):
    return kent.people.get(name="Bo Rye")


def sent(world, **answers):
    """Send a draft of Kent on recommendation 3 to any of its chief officers."""
    assignment = world.assignment("Kent", 3)
    draft = open_draft(assignment=assignment, by=world.officer, at=world.now)
    answers = {
        "status": "in_progress", "confidence": "green", "account": "We began.",
        "forecast_on": assignment.due_on, **answers,
    }  # fmt: skip
    draft = save_draft(
        draft=draft, version=draft.version, by=world.officer, at=world.now, **answers
    )
    return request_approval(
        assignment=assignment, token=draft.token, version=draft.version, approver=None,
        by=world.officer, at=world.now,
    )  # fmt: skip


def test_approval_submits_the_text_that_was_sent_with_the_officer_as_author(world, chief):
    request = sent(world)
    at = world.now + timedelta(hours=1)
    update = approve_update(request=request, by=chief, at=at)
    assert (update.submitted_by, update.approved_by, update.submitted_at) == (
        world.officer, chief, at,
    )  # fmt: skip
    assert (update.signed_off_by, update.approver_name) == ("", "Ann Lee")
    assert content_hash(update) == request.sha256
    assert not Draft.objects.exists()
    connection.check_constraints()
    with pytest.raises(Refusal, match=r"Ann Lee approved this update at .* submitted"):
        return_update(request=request, reason="No.", by=chief, at=at)
    acts = AuditEvent.objects.order_by("-position").values_list("act", "actor")[:2]
    assert list(acts) == [("update submitted", chief.pk), ("update approved", chief.pk)]


def test_a_draft_that_waits_is_locked_until_it_is_taken_back(world, chief):
    assignment, officer, at = world.assignment("Kent", 3), world.officer, world.now
    request = sent(world)
    draft = Draft.objects.get()
    for act in (
        lambda: save_draft(draft=draft, version=draft.version, by=officer, at=at, account="Else"),
        lambda: discard_draft(draft=draft, by=officer, at=at),
        lambda: submit_update(token=draft.token, version=draft.version, by=officer, at=at),
    ):
        with pytest.raises(Refusal, match="waiting for approval"):
            act()
    with pytest.raises(DatabaseError, match="waiting for approval"), transaction.atomic():
        Draft.objects.update(account="Something else")
    with pytest.raises(DatabaseError, match="has not been decided"), transaction.atomic():
        Draft.objects.all().delete()
    assert take_back(assignment=assignment, by=officer, at=at) is not None
    assert take_back(assignment=assignment, by=officer, at=at) is None
    save_draft(draft=draft, version=draft.version, by=officer, at=at, account="Else")
    with pytest.raises(Refusal, match="Kay Ent took this update back"):
        approve_update(request=request, by=chief, at=at)


def test_a_draft_that_changed_in_the_database_is_not_approved(world, chief):
    request = sent(world)
    as_superuser("UPDATE recommendations_draft SET account = 'Something else'")
    with pytest.raises(Refusal, match="has changed since it was sent"):
        approve_update(request=request, by=chief, at=world.now)


def test_a_returned_update_goes_back_with_the_reason_and_can_be_sent_again(world, chief):
    first = sent(world)
    with pytest.raises(Refusal, match="Enter why"):
        return_update(request=first, reason=" ", by=chief, at=world.now)
    return_update(request=first, reason="Name the partner.", by=chief, at=world.now)
    second = sent(world, account="With the partner.")
    assert (second.number, second.token) == (2, first.token)
    assert approve_update(request=second, by=chief, at=world.now).account == "With the partner."
    outcomes = ApprovalDecision.objects.order_by("request__number").values_list("outcome", "reason")
    assert list(outcomes) == [("returned", "Name the partner."), ("approved", "")]


def test_only_another_chief_officer_of_the_force_approves(world, chief, second_chief):
    request = sent(world)
    others = [world.analyst, world.officer, UserFactory(role=Role.CHIEF_OFFICER, body=world.lead)]
    for person in others:
        with pytest.raises(Refusal, match="Only another chief officer"):
            approve_update(request=request, by=person, at=world.now)
    chief.is_active = False
    chief.save()
    assert (
        approve_update(request=request, by=second_chief, at=world.now).approved_by == second_chief
    )


def test_every_way_to_submit_needs_approval_except_a_confirmation_of_no_change(world, kent):
    officer, at = world.officer, world.now
    assignment = world.assignment("Kent", 3)
    with pytest.raises(Refusal, match="A chief officer has to approve"):
        submit(assignment, at=at, by=officer)
    Draft.objects.all().delete()
    answers = {name: ANSWERS[name].empty for name in ANSWERS} | {
        "status": "in_progress", "confidence": "green", "account": "Begun.",
        "forecast_on": assignment.due_on,
    }  # fmt: skip
    with pytest.raises(Refusal, match="A chief officer has to approve"):
        import_updates(
            updates=[PlannedUpdate(assignment.pk, 2, answers)],
            name="a.csv", sha256="0" * 64, by=officer, at=at,
        )  # fmt: skip
    row = {"assignment": assignment, "number": 1, "submitted_at": at, "submitted_by": officer}
    with pytest.raises(DatabaseError, match="not been approved"), transaction.atomic():
        Update.objects.create(**row, token="0" * 32, **answers)
    request = sent(world)
    update = approve_update(request=request, by=kent.people.get(name="Ann Lee"), at=at)
    same = confirm_no_change(
        assignment=assignment, latest_update_id=update.pk, by=officer, at=at + timedelta(hours=1)
    )
    assert (same.confirms, same.approved_by, same.approver_name) == (update, None, "")
    connection.check_constraints()


def test_the_setting_needs_a_chief_officer_and_permission(world, chief):
    essex, at = world.forces["Essex"], world.now
    for body, by, reason in (
        (essex, world.administrator, "no chief officer"),
        (essex, chief, "Only an administrator"),
        (chief.body, world.officer, "Only an administrator"),
        (chief.body, world.analyst, "Only an administrator"),
    ):
        with pytest.raises(Refusal, match=reason):
            require_approval(
                body=body, wanted=not body.requires_approval, shown=body.requires_approval,
                by=by, at=at,
            )  # fmt: skip
    waiting = sent(world)
    require_approval(body=chief.body, wanted=False, shown=True, by=chief, at=at)
    assert not Body.objects.get(pk=chief.body_id).requires_approval
    assert approve_update(request=waiting, by=chief, at=at).approved_by == chief


def test_the_nightly_job_closes_the_request_of_a_draft_that_it_deletes(world, kent):
    sent(world)
    discard_drafts(Draft.objects.all(), world.now)
    assert not Draft.objects.exists()
    assert ApprovalDecision.objects.get().outcome == "deleted"


@pytest.mark.django_db(transaction=True)
def test_of_two_concurrent_approvals_one_wins_and_the_other_reads_a_sentence(
    world, chief, second_chief
):
    request = sent(world)

    def approve(person):
        try:
            return approve_update(request=request, by=person, at=world.now).approved_by.name
        except Refusal as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(approve, (chief, second_chief)), key=len)
    assert outcomes[0] in {"Ann Lee", "Bo Rye"}
    assert f"{outcomes[0]} approved this update" in outcomes[1]
    assert Update.objects.filter(approved_by__isnull=False).count() == 1
