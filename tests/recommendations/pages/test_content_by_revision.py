"""Content that a process has cached is what the reader would get from one that has just started."""

import io
import pkgutil
import re
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from forces.models import Role, User
from recommendations import actions, rules
from recommendations.actions import (
    absences,
    amend_recommendation,
    assign_review,
    calendar_feeds,
    change_due_date,
    confirm_no_change,
    decide_extension,
    drafts,
    email_preferences,
    evidence,
    hold_claim,
    prefer_one_page,
    questions,
    record_ending,
    remind,
    remove_person,
    request_extension,
    saved_views,
    withdraw_assignment,
)
from tests.factories import OfficerFactory, UserFactory, accept, reverse_review, submit
from tests.process_caches import empty_process_caches
from tests.world import World

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)
PAGES = (
    "/recommendations/",
    "/recommendations/2/",
    "/recommendations/2/?as_at=2026-01-01&sort=due",
    "/forces/",
    "/forces/?region=South+East&sort=-overdue",
    "/forces/kent/",
    "/forces/essex/",
    "/forces/kent/2/",
    "/forces/kent/2/?full=1",
    "/forces/kent/2/update/",
    "/forces/essex/1/",
    "/reviews/",
    "/reviews/?mine=1",
    "/regions/south-east/",
    "/changes/",
    "/search/?q=kent",
)
RAISE_THE_REVISION = {
    *("amend_recommendation", "aspect_checks", "assign", "body_requests", "change_due_date"),
    *("change_many_due_dates", "confirm_no_change", "correct_review", "decide_extension"),
    *("import_updates", "load_bodies", "load_names", "load_recommendations", "load_register"),
    "joint_actions",
    *("enter_outcomes", "load_outcomes", "rename_body", "require_approval", "respond", "steps"),
    *(
        "questions",
        "record_ending",
        "remove_person",
        "request_extension",
        "review_again",
        "review_claim",
    ),
    *("submit_update", "withdraw_assignment", "request_approval", "decide_approval"),
    *("end_body", "move_assignments"),
}
DO_NOT = {
    *(
        "quote_figure",
        "absences",
        "assign_review",
        "calendar_feeds",
        "drafts",
        "email_preferences",
        "evidence",
        "hold_claim",
    ),
    *("prefer_one_page", "record_visit", "remind", "saved_views"),
}
ON_OTHER_PAGES = {
    *("api_tokens", "confirm_deletion", "create_bounced_digest", "hold_digests", "jobs"),
    *("report_closures", "release_reviews", "request_download", "resend_digests"),
}


@pytest.fixture
def world(world: World) -> Iterable[World]:
    with time_machine.travel(world.now + timedelta(minutes=1), tick=False):
        yield world


@pytest.fixture
def clients(world: World) -> dict[str, Client]:
    """A client of each kind of reader, by name; two are officers of the same force."""
    kent = world.forces["Kent"]
    OfficerFactory(name="Sam Second", body=kent)
    UserFactory(name="Chi Ef", role=Role.CHIEF_OFFICER, body=kent)
    clients = {person.name: Client() for person in User.objects.all()}
    for person in User.objects.all():
        clients[person.name].force_login(person)
    return clients


def answers(client: Client) -> dict[str, tuple[int, str]]:
    """Return the status and the text of each page, without tokens and nonces."""
    found = {}
    for path in PAGES:
        response = client.get(path)
        text = re.sub(r'(nonce|csrfmiddlewaretoken" value)="[^"]*"', "", response.content.decode())
        found[path] = response.status_code, text
    return found


def of_a_new_process(client: Client) -> dict[str, tuple[int, str]]:
    empty_process_caches()
    return answers(client)


def test_every_action_is_in_one_of_the_tests():
    names = {module.name for module in pkgutil.iter_modules(actions.__path__)}
    assert names - {"change"} == RAISE_THE_REVISION | DO_NOT | ON_OTHER_PAGES


def test_readers_get_their_own_content_from_the_same_process(world, clients):
    saved_views.save_view(
        name="Mine", address="/heatmap/", is_pinned=True, is_shared=False, by=world.officer,
        at=world.now,
    )  # fmt: skip
    expected = {name: of_a_new_process(client) for name, client in clients.items()}
    empty_process_caches()
    for name, client in clients.items():
        assert answers(client) == expected[name], name


def test_what_changes_without_a_revision_is_shown_at_once(world, clients):
    before = {name: answers(client) for name, client in clients.items()}
    revision = current_revision(world)
    act_without_a_revision(world)
    assert current_revision(world) == revision
    kept = {name: answers(client) for name, client in clients.items()}
    for name, client in clients.items():
        assert kept[name] == of_a_new_process(client), name
    for name in ("Ana Lyst", "Kay Ent", "Ada Min"):
        assert kept[name]["/forces/kent/"] != before[name]["/forces/kent/"], name
        for path in ("/forces/kent/", "/forces/kent/2/"):
            assert "Kay Ent is away until" in kept[name][path][1], (name, path)
    assert "Kay Ent is away" not in kept["Lea Der"]["/forces/kent/"][1]


def act_without_a_revision(world: World) -> None:
    at, officer, analyst = world.now, world.officer, world.analyst
    kent = world.forces["Kent"]
    draft = drafts.open_draft(assignment=world.assignment("Kent", 3), by=officer, at=at)
    draft = drafts.save_draft(draft=draft, version=draft.version, by=officer, at=at, account="Soon")
    evidence.add_evidence(
        draft=draft, file=io.BytesIO(b"Text\n"), name="plan.txt", size=5, by=officer, at=at
    )
    remind.remind(assignments=[world.assignment("Kent", 2)], by=analyst, at=at)
    claim = world.assignment("Essex", 1).latest_update
    assert claim is not None
    assign_review.assign_review(claim=claim, reviewer=analyst, by=analyst, at=at)
    hold_claim.hold_claim(claim=claim, by=analyst, at=at)
    for person in (officer, analyst):
        saved_views.save_view(
            name="Late", address="/heatmap/", is_pinned=True, is_shared=True, by=person, at=at
        )
        calendar_feeds.create_calendar_feed(body=kent, by=person, at=at)
    email_preferences.set_email_preferences(
        reader=officer, weekly="none", at_once=False, by=officer, at=at
    )
    for person in (officer, analyst):
        on = rules.london_day(at)
        absences.set_absence(
            person=person, from_on=on, until_on=on, stand_in=None, by=person, at=at
        )
    prefer_one_page.prefer_one_page(is_preferred=True, by=officer)
    officer.last_login = at - timedelta(days=3)
    officer.save(update_fields=["last_login"])
    User.objects.filter(name="Sam Second").update(is_active=False)


def test_what_the_content_shows_raises_the_revision(world):
    at, officer, analyst = world.now, world.officer, world.analyst
    kent_3, norfolk_3 = world.assignment("Kent", 3), world.assignment("Norfolk", 3)
    unchanged = world.assignment("Norfolk", 1)
    in_time = rules.london_day(at) + 7 * WEEK
    submitted = submit(unchanged, at=at, by=officer, forecast_on=in_time)
    request = request_extension.request_extension(
        assignment=norfolk_3, to=date(2028, 3, 1), reason="Staff.", by=analyst, at=at
    )
    question = questions.ask_question(assignment=kent_3, text="How many?", by=analyst, at=at)
    review = world.assignment("Kent", 1).latest_update.review
    essex = world.forces["Essex"]
    recommendation = world.recommendations[1]
    acts = {
        "submitted": lambda: submit(world.assignment("Surrey", 3), at=at),
        "accepted": lambda: accept(world.assignment("Essex", 1).latest_update, at=at),
        "corrected review": lambda: reverse_review(
            review=review, reason="Not enough.", by=analyst, at=at
        ),
        "no change": lambda: confirm_no_change.confirm_no_change(
            assignment=unchanged, latest_update_id=submitted.pk, by=officer, at=at + WEEK
        ),
        "due date": lambda: change_due_date.change_due_date(
            assignment=world.assignment("Kent", 2), to=rules.london_day(at) + 8 * WEEK,
            reason="Agreed.", by=analyst, at=at,
        ),
        "refused": lambda: decide_extension.refuse_request(
            request=request, words="No.", by=analyst, at=at
        ),
        "replied": lambda: questions.reply_to_question(
            question=question, text="Four.", by=officer, at=at
        ),
        "withdrawn": lambda: withdraw_assignment.withdraw_assignment(
            assignment=world.assignment("Essex", 2), kind="no_further_action",
            reason="Not needed.", by=analyst, at=at,
        ),
        "ending": lambda: record_ending.record_ending(
            assignment=world.assignment("Essex", 2), kind="not_accepted", reason="Wrong kind.",
            by=analyst, at=at,
        ),
        "amended": lambda: amend_recommendation.amend_recommendation(
            recommendation=recommendation, title="New title", by=analyst, at=at
        ),
        "renamed person": lambda: rename(analyst, "Ann Other"),
        "renamed organisation": lambda: rename(essex, "Essex Constabulary"),
        "removed person": lambda: remove_person.remove_person(
            person=world.observer, by=world.administrator, at=at
        ),
    }  # fmt: skip
    for name, act in acts.items():
        revision = current_revision(world)
        act()
        assert current_revision(world) > revision, name


def rename(row, name: str) -> None:
    row.name = name
    row.save(update_fields=["name"])  # as the admin does


def current_revision(world: World) -> int:
    world.inspection.refresh_from_db(fields=["revision"])
    return world.inspection.revision


def test_content_of_an_older_revision_day_or_release_is_not_served(world, clients, settings):
    client = clients["Ana Lyst"]
    before = answers(client)
    accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
    after = answers(client)
    assert all(after[path] != before[path] for path in ("/recommendations/", "/forces/essex/"))
    settings.RELEASE = "another"
    with_queries = client.get("/recommendations/")
    assert "rows" in with_queries.context  # it was rendered again
    with time_machine.travel(world.now + timedelta(days=40), tick=False):
        client.force_login(world.analyst)
        assert answers(client)["/forces/kent/"] != after["/forces/kent/"]
