"""Drafts are saved without overwriting the answers of somebody else."""

import pytest

from forces.refusal import Refusal
from recommendations.actions.drafts import DraftConflict, discard_draft, open_draft, save_draft
from recommendations.models import Draft
from tests.factories import ASSIGNED_AT, AssignmentFactory, OfficerFactory, claim

pytestmark = pytest.mark.django_db
AT = ASSIGNED_AT


@pytest.fixture
def assignment():
    return AssignmentFactory()


@pytest.fixture
def officer(assignment):
    return OfficerFactory(body=assignment.body, name="Asha Rowe")


@pytest.fixture
def colleague(assignment):
    return OfficerFactory(body=assignment.body, name="Ben Cole")


def test_an_assignment_has_one_draft_whoever_opens_it(assignment, officer, colleague):
    first = open_draft(assignment=assignment, by=officer, at=AT)
    second = open_draft(assignment=assignment, by=colleague, at=AT)
    assert first == second
    assert Draft.objects.count() == 1


def test_saving_answers_counts_a_version(assignment, officer):
    draft = open_draft(assignment=assignment, by=officer, at=AT)
    saved = save_draft(draft=draft, version=1, by=officer, at=AT, account="We began.")
    assert (saved.version, saved.account) == (2, "We began.")


def test_saving_the_same_answers_again_changes_nothing(assignment, officer):
    draft = open_draft(assignment=assignment, by=officer, at=AT)
    save_draft(draft=draft, version=1, by=officer, at=AT, account="We began.")
    again = save_draft(draft=draft, version=1, by=officer, at=AT, account="We began.")
    assert again.version == 2


def test_a_second_person_learns_who_saved_and_nothing_is_overwritten(
    assignment, officer, colleague
):
    draft = open_draft(assignment=assignment, by=officer, at=AT)
    save_draft(draft=draft, version=1, by=officer, at=AT, account="Asha's words")
    with pytest.raises(DraftConflict, match="Asha Rowe changed this draft") as conflict:
        save_draft(draft=draft, version=1, by=colleague, at=AT, account="Ben's words")
    assert conflict.value.draft.account == "Asha's words"
    assert Draft.objects.get().account == "Asha's words"


def test_two_people_can_answer_different_questions(assignment, officer, colleague):
    draft = open_draft(assignment=assignment, by=officer, at=AT)
    save_draft(draft=draft, version=1, by=officer, at=AT, account="Asha's words")
    saved = save_draft(draft=draft, version=1, by=colleague, at=AT, blockers="Ben's words")
    assert (saved.account, saved.blockers) == ("Asha's words", "Ben's words")


def test_after_a_conflict_the_second_person_can_save(assignment, officer, colleague):
    draft = open_draft(assignment=assignment, by=officer, at=AT)
    save_draft(draft=draft, version=1, by=officer, at=AT, account="Asha's words")
    saved = save_draft(draft=draft, version=2, by=colleague, at=AT, account="Ben's words")
    assert (saved.saved_by, saved.account) == (colleague, "Ben's words")


def test_two_windows_of_one_person_conflict_too(assignment, officer):
    draft = open_draft(assignment=assignment, by=officer, at=AT)
    save_draft(draft=draft, version=1, by=officer, at=AT, account="In the first window")
    with pytest.raises(DraftConflict):
        save_draft(draft=draft, version=1, by=officer, at=AT, account="In the second window")


def test_no_draft_is_opened_while_a_claim_is_waiting_for_review(assignment, officer):
    claim(assignment, at=AT, by=officer)
    with pytest.raises(Refusal, match="A claim is waiting for review"):
        open_draft(assignment=assignment, by=officer, at=AT)


def test_a_discarded_draft_cannot_be_saved(assignment, officer):
    draft = open_draft(assignment=assignment, by=officer, at=AT)
    discard_draft(draft=draft, by=officer, at=AT)
    with pytest.raises(Refusal, match="already been submitted, or its draft has been deleted"):
        save_draft(draft=draft, version=1, by=officer, at=AT, account="Too late")


def test_only_answers_can_be_saved(assignment, officer):
    draft = open_draft(assignment=assignment, by=officer, at=AT)
    with pytest.raises(TypeError, match="saved_by"):
        save_draft(draft=draft, version=1, by=officer, at=AT, saved_by_id=1)
