"""What was typed is shown for copying when the person may no longer use the form."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from forces.models import Role, User
from tests.recommendations.pages.pages import begin, hidden, step, text_of
from tests.world import World

WORDS = "All patrols share one picture of the lines now."


def change(user: User, **values: object) -> None:
    User.objects.filter(pk=user.pk).update(**values)


CHANGES: dict[str, Callable[[World], None]] = {
    "observer": lambda world: change(world.officer, role=Role.OBSERVER),
    "other body": lambda world: change(world.officer, body=world.forces["Essex"]),
    "left": lambda world: change(world.officer, is_active=False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_update_is_shown_after_a_change_of_access(client, world: World, name: str):
    client.force_login(world.officer)
    assignment = world.assignment("Kent", 3)
    begin(client, assignment)
    page = client.get(step(assignment, "progress"))
    CHANGES[name](world)
    answer = client.post(step(assignment, "progress"), hidden(page) | {"account": WORDS})
    assert answer.status_code == 403  # the change ended the session
    assert WORDS in text_of(answer)
    if name == "left":
        return
    world.officer.refresh_from_db()
    client.force_login(world.officer)  # whose new access does not include the form
    session = client.session
    session["resumed_form"] = {"path": step(assignment, "progress"), "typed": {"account": [WORDS]}}
    session.save()
    denied = client.get(step(assignment, "progress"))
    assert denied.status_code == 404
    assert WORDS in text_of(denied)
    posted = client.post(step(assignment, "progress"), {"account": WORDS, "status": "x" * 5})
    assert posted.status_code == 404
    assert WORDS in text_of(posted)


def test_a_review_of_an_analyst_who_is_not_one_any_more_is_shown(client, world: World):
    claim = world.assignment("Essex", 1).latest_update
    change(world.analyst, role=Role.OBSERVER)
    world.analyst.refresh_from_db()
    client.force_login(world.analyst)
    answer = client.post(reverse("review", args=[claim.pk]), {"decision": "x", "reason": WORDS})
    assert answer.status_code == 404
    assert WORDS in text_of(answer)


def test_a_page_that_is_not_found_shows_nothing_of_other_forms(client, world: World):
    client.force_login(world.observer)
    answer = client.post(reverse("view_save"), {"name": WORDS, "password": WORDS})
    assert WORDS not in text_of(answer)
