"""Who gets what while somebody is away, and who can stand in."""

from datetime import date, timedelta

import pytest

from forces.accounts.memberships import add_membership, end_membership
from forces.models import AccountEmail, AuditEvent, Membership, Role, User
from forces.refusal import Refusal
from recommendations.absences import absence_of, named_for, possible_stand_ins
from recommendations.actions.absences import decline_to_stand_in, end_absence, set_absence
from recommendations.actions.assign_review import assign_review
from recommendations.actions.drafts import open_draft, save_draft
from recommendations.actions.email_preferences import set_email_preferences
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.actions.request_approval import request_approval
from recommendations.actions.require_approval import require_approval
from recommendations.emails.alerts.alerts import create_alerts
from recommendations.emails.digests.ledger import preview_decision, preview_decisions
from recommendations.models import Absence, Digest, OutboxEmail
from recommendations.readers import readers
from recommendations.rules import london_day, start_of_day
from tests.factories import OfficerFactory, UserFactory
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture
def colleague(world: World) -> User:
    return OfficerFactory(name="Sam Lee", body=world.forces["Kent"], joined_at=world.now - 30 * DAY)


@pytest.fixture
def second_analyst(world: World) -> User:
    """Alerts about the world's own history have been created already."""
    person = UserFactory(name="Ann Other", joined_at=world.now - 30 * DAY)
    create_alerts(at=world.now)
    OutboxEmail.objects.all().delete()
    return person


def be_away(
    world: World, person: User, stand_in: User | None, *, first: int = 0, last: int = 7
) -> Absence:
    on = london_day(world.now)
    days = {"from_on": on + first * DAY, "until_on": on + last * DAY}
    return set_absence(person=person, stand_in=stand_in, by=person, at=world.now, **days)


def digests_on(day: date) -> dict[str, str]:
    """Return the text of everybody's digest on one line, by name."""
    people = list(readers(on=day))
    found = preview_decisions(people, at=start_of_day(day) + timedelta(hours=8))
    assert {decision.outcome for decision in found.values()} == {Digest.Outcome.MAILED}
    return {person.name: " ".join(found[person.pk].content.text.split()) for person in people}


@pytest.mark.parametrize("has_stand_in", [True, False])
def test_digests_before_in_and_after_an_absence(world, colleague, has_stand_in):
    """Everybody gets their own, with the same lists; sentences about the absence are added."""
    be_away(world, world.officer, colleague if has_stand_in else None, first=1, last=3)
    expected = "Sam Lee stands in." if has_stand_in else "Nobody stands in."
    for day in range(5):
        texts, is_away = digests_on(london_day(world.now) + day * DAY), 1 <= day <= 3
        sentence = f"Kay Ent is away until 28 November. {expected}"
        for name in ("Kay Ent", "Sam Lee"):
            assert "ACT NOW" in texts[name]
            assert (sentence in texts[name]) == is_away, (name, day)
        standing = {name for name, text in texts.items() if "standing in" in text}
        assert standing == ({"Sam Lee"} if is_away and has_stand_in else set()), day
        if standing:
            assert "You are standing in for Kay Ent until 28 November." in texts["Sam Lee"]
        informed = {name for name, text in texts.items() if sentence in text}
        assert ("Ada Min" in informed) == (is_away and not has_stand_in), day
        assert not informed & {"Ana Lyst", "Lea Der", "Obi Server"}


def alerts_of(person: User) -> list[str]:
    emails = OutboxEmail.objects.filter(reader=person).order_by("pk").select_related("content")
    return [" ".join(email.content.text.split()) for email in emails]


@pytest.mark.parametrize(("day", "is_away"), [(0, False), (1, True), (3, True), (4, False)])
def test_what_is_addressed_to_somebody_away_goes_to_the_stand_in_too(
    world, second_analyst, day, is_away
):
    be_away(world, world.analyst, second_analyst, first=1, last=3)
    at = world.now + day * DAY
    other = UserFactory(name="Third Analyst")
    claim = world.assignment("Essex", 1).latest_update
    assign_review(claim=claim, reviewer=world.analyst, by=other, at=at)
    question = ask_question(
        assignment=world.assignment("Kent", 2), text="Which?", by=world.analyst, at=at
    )
    reply_to_question(question=question, text="This.", by=world.officer, at=at)
    create_alerts(at=at)
    [own] = alerts_of(world.analyst)
    assert "Assigned by Third Analyst." in own
    assert "Question answered" in own
    assert "who is away" not in own
    line = "For Ana Lyst, who is away until 28 November."
    assert [text.count(line) for text in alerts_of(second_analyst)] == ([2] if is_away else [])
    assert not alerts_of(other)


@pytest.mark.parametrize("is_away", [True, False])
def test_an_approval_goes_to_the_stand_in_of_the_chief_officer(world, is_away):
    kent = world.forces["Kent"]
    chief, other = (
        UserFactory(name=name, role=Role.CHIEF_OFFICER, body=kent, joined_at=world.now - DAY)
        for name in ("Ann Lee", "Bo Rye")
    )
    require_approval(body=kent, wanted=True, shown=False, by=world.administrator, at=world.now)
    be_away(world, chief, other, first=0 if is_away else 1)
    draft = open_draft(assignment=world.assignment("Kent", 3), by=world.officer, at=world.now)
    draft = save_draft(
        draft=draft, version=draft.version, by=world.officer, at=world.now, status="in_progress",
        confidence="green", account="We began.", forecast_on=draft.assignment.due_on,
    )  # fmt: skip
    request_approval(
        assignment=draft.assignment, token=draft.token, version=draft.version, approver=chief,
        by=world.officer, at=world.now,
    )  # fmt: skip
    create_alerts(at=world.now)
    [own] = alerts_of(chief)
    assert "Approve or return it." in own
    texts = [text for text in alerts_of(other) if "For Ann Lee, who is away until" in text]
    assert (len(texts), len(alerts_of(other))) == ((1, 1) if is_away else (0, 0))


def test_an_event_for_the_whole_organisation_is_no_one_person_s(world, colleague):
    create_alerts(at=world.now)
    OutboxEmail.objects.all().delete()
    be_away(world, world.officer, colleague)
    question = ask_question(
        assignment=world.assignment("Kent", 2), text="Which?", by=world.officer, at=world.now
    )
    reply_to_question(question=question, text="This.", by=world.analyst, at=world.now)
    create_alerts(at=world.now)
    assert alerts_of(world.officer) == alerts_of(colleague) != []
    assert "who is away" not in alerts_of(colleague)[0]


def test_the_content_in_a_cache_follows_the_absence(world, colleague):
    before = preview_decision(colleague, at=world.now)
    be_away(world, world.officer, colleague)
    after = preview_decision(colleague, at=world.now)
    assert "standing in" not in before.content.text
    assert "standing in" in after.content.text


def test_only_somebody_with_the_same_role_in_the_same_organisation_can_stand_in(world, colleague):
    kent, essex = world.forces["Kent"], world.forces["Essex"]
    UserFactory(role=Role.CHIEF_OFFICER, body=kent)
    OfficerFactory(body=essex)
    OfficerFactory(body=kent, is_active=False)
    on = london_day(world.now)
    seconded = OfficerFactory(name="Sec Onded", body=essex)
    add_membership(
        person=seconded, body=kent, role=Role.LIAISON_OFFICER, from_on=on + DAY, until_on=None,
        by=world.administrator, at=world.now,
    )  # fmt: skip
    assert possible_stand_ins(world.officer, on=on) == [colleague]
    assert possible_stand_ins(world.officer, on=on + DAY) == [colleague, seconded]
    assert possible_stand_ins(world.analyst, on=on) == []
    for person in (world.officer, world.lead_officer, world.analyst, world.observer, seconded):
        with pytest.raises(Refusal, match="cannot stand in"):
            be_away(world, world.officer, person)
    be_away(world, world.officer, seconded, first=1)
    assert Absence.objects.get().stand_in == seconded


def leave(world: World, person: User) -> None:
    person.is_active = False
    person.save()


def change_role(world: World, person: User) -> None:
    person.role = Role.OBSERVER
    person.save()


def move(world: World, person: User) -> None:
    person.body = world.forces["Essex"]
    person.save()


def unsubscribe(world: World, person: User) -> None:
    set_email_preferences(reader=person, weekly="never", at_once=True, by=person, at=world.now)


def decline(world: World, person: User) -> None:
    for _ in range(2):
        decline_to_stand_in(person=world.officer, by=person, at=world.now)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (leave, "Sam Lee has left"),
        (change_role, "Sam Lee now has another role or organisation"),
        (move, "Sam Lee now has another role or organisation"),
        (unsubscribe, "Sam Lee does not get all emails"),
        (decline, "Sam Lee has declined"),
    ],
)
def test_a_stand_in_who_no_longer_can_is_reported(world, colleague, change, problem):
    be_away(world, world.officer, colleague)
    on = london_day(world.now)
    assert [away.person for away in named_for(colleague, on=on)] == ["Kay Ent"]
    change(world, colleague)
    assert named_for(colleague, on=on) == []
    people = list(readers(on=on).filter(name__in=["Kay Ent", "Ada Min"]))
    for decision in preview_decisions(people, at=world.now).values():
        text = " ".join(decision.content.text.split())
        assert f"Nobody stands in: {problem}." in text
    is_declined = change is decline
    declined = AccountEmail.objects.filter(kind="declined", person=world.officer)
    assert declined.count() == AuditEvent.objects.filter(act="stand-in declined").count()
    assert declined.count() == is_declined


def test_the_stand_in_covers_only_the_organisations_of_both(world, colleague):
    add_membership(
        person=world.officer, body=world.forces["Essex"], role=Role.LIAISON_OFFICER,
        from_on=london_day(world.now), until_on=None, by=world.administrator, at=world.now,
    )  # fmt: skip
    be_away(world, world.officer, colleague)
    on = london_day(world.now)
    assert absence_of(world.officer, on=on).describe_stand_in(on=on) == (
        "Sam Lee stands in. Nobody stands in for Essex."
    )
    membership = Membership.objects.get(person=world.officer, is_main=False)
    end_membership(membership=membership, by=world.administrator, at=world.now)
    assert absence_of(world.officer, on=on).describe_stand_in(on=on) == "Sam Lee stands in."


def test_there_is_no_chain_and_the_page_says_so(world, colleague):
    be_away(world, world.officer, colleague)
    be_away(world, colleague, None, first=5, last=9)
    on = london_day(world.now)
    assert absence_of(world.officer, on=on).describe(on=on) == (
        "Kay Ent is away until 2 December. Sam Lee stands in. Sam Lee is away too, until "
        "4 December."
    )


def test_a_stand_in_gets_one_email_and_the_absence_can_be_ended(world, colleague):
    for _ in range(2):
        be_away(world, world.officer, colleague)
    [email] = AccountEmail.objects.all()
    assert (email.person, email.kind) == (colleague, "stand_in")
    assert email.words == "Kay Ent, 25 November 2026 to 2 December 2026"
    for _ in range(2):
        end_absence(person=world.officer, by=world.officer, at=world.now)
    acts = AuditEvent.objects.filter(act__startswith="absence").values_list("act", flat=True)
    assert sorted(acts) == ["absence ended", "absence set"]
    assert absence_of(world.officer, on=london_day(world.now)) is None


@pytest.mark.parametrize(("first", "last"), [(2, 1), (-3, -1), (0, 367)])
def test_days_that_do_not_fit_are_refused(world, first, last):
    with pytest.raises(Refusal):
        be_away(world, world.officer, None, first=first, last=last)


def test_somebody_who_declined_is_not_asked_again_about_the_same_days(world, colleague):
    be_away(world, world.officer, colleague)
    decline(world, colleague)
    with pytest.raises(Refusal, match="has declined"):
        be_away(world, world.officer, colleague)
