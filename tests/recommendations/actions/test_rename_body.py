"""Names of organisations: renames and corrections, on every page about a past day."""

import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forces.audit_check import check_trail
from forces.models import Body
from forces.names import bodies_on, body_on, find_body, former_names, known_as
from forces.refusal import Refusal
from recommendations.actions.rename_body import (
    begin_new_names,
    correct_body_name,
    rename_body,
)
from recommendations.dashboards.search.organisations import organisations_named, searched_names
from recommendations.emails.digests.ledger import create_digests
from recommendations.emails.digests.week import Week
from recommendations.imports.organisations import OrganisationNames
from recommendations.models import EmailContent
from recommendations.positions import positions
from recommendations.rules import london_day

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAGES = (
    *("/", "/heatmap/", "/trends/", "/forces/", "/recommendations/2/", "/forces/kent/"),
    *("/responses/", "/responses/kent-pcc/"),
    *("/forces/kent/2/", "/regions/south-east/", "/recommendations/2/latest-updates/"),
    *("/downloads/force/rows.csv", "/downloads/heatmap/positions.csv"),
)


def rename(world, name, since, *, short_name="Kent", by=None, at=None):
    return rename_body(
        body=world.forces["Kent"],
        name=name,
        short_name=short_name,
        since=since,
        by=by or world.administrator,
        at=at or world.now,
    )


def text_of(client, path, on=None):
    of = "&of=kent" if "/downloads/force/" in path else ""
    response = client.get(f"{path}?as_at={on}{of}" if on else f"{path}?{of}")
    assert response.status_code == 200, path
    return response.getvalue().decode() if response.streaming else response.content.decode()


def test_pages_show_the_name_of_their_day_and_those_before_the_rename_stay(world, analyst_client):
    today = london_day(world.now)
    since = today - 40 * DAY
    old = world.forces["Kent"].name
    before = {path: text_of(analyst_client, path, since - DAY) for path in PAGES}
    later = [(path, on) for path in PAGES for on in (since, None)]
    named = {
        place: "Kent" in text_of(analyst_client, *place).rpartition("<main")[2] for place in later
    }
    rename(world, "Kent and Medway Police", since, short_name="Medway")
    for path in PAGES:
        text = text_of(analyst_client, path, since - DAY)
        assert "Medway" not in text, path
        assert without_nonces(text) == without_nonces(before[path]), path
    for place in later:
        assert ("Medway" in text_of(analyst_client, *place)) == named[place], place
    assert body_on(Body.objects.get(slug="kent"), since - DAY).name == old


def without_nonces(text):
    return re.sub(r'(nonce|csrfmiddlewaretoken" value|content)="[^"]{20,}"', "", text)


def test_a_future_name_is_used_from_its_day_on(world):
    tomorrow = london_day(world.now) + DAY
    kent = world.forces["Kent"]
    rename(world, "Kent and Medway Police", tomorrow)
    kent.refresh_from_db()
    assert kent.name == body_on(kent, tomorrow - DAY).name != "Kent and Medway Police"
    assert begin_new_names(at=world.now) == ""
    assert begin_new_names(at=world.now + DAY) == "New names in use: Kent and Medway Police."
    assert begin_new_names(at=world.now + DAY) == ""
    kent.refresh_from_db()
    assert kent.name == "Kent and Medway Police"
    assert check_trail().findings == ()


def test_what_cannot_be_recorded_is_refused(world):
    today = london_day(world.now)
    row = rename(world, "Kent and Medway Police", today)
    with pytest.raises(Refusal, match="already a name from that day"):
        rename(world, "Another Police", today)
    with pytest.raises(Refusal, match="nothing would change"):
        rename(world, "Kent and Medway Police", today + DAY)
    with pytest.raises(Refusal, match="has this name or short name already"):
        rename(world, world.forces["Essex"].name.upper(), today + DAY)
    fix = {"body": world.forces["Kent"], "recorded": row, "short_name": "Kent", "since": today}
    fix |= {"by": world.administrator, "at": world.now}
    correct_body_name(name="Medway Police", **fix)
    with pytest.raises(Refusal, match="Somebody has corrected this name"):
        correct_body_name(name="Kent Medway Police", **fix)


def test_former_names_are_known_and_corrected_ones_are_not(world):
    kent, today = world.forces["Kent"], london_day(world.now)
    old = kent.name
    row = rename(world, "Kent adn Medway Police", today - DAY)
    correct_body_name(
        body=kent,
        recorded=row,
        name="Kent and Medway Police",
        short_name="Kent",
        since=today - 2 * DAY,
        by=world.administrator,
        at=world.now,
    )
    kent.refresh_from_db()
    assert former_names([kent]) == {kent.pk: [old]}
    assert list(known_as(old.upper())) == [kent]
    assert not known_as("Kent adn Medway Police")
    names = OrganisationNames(Body.objects.all())
    assert names.find(old) == names.find("Kent and Medway Police") == kent
    assert organisations_named(old, searched_names()) == [kent]
    assert find_body(old) == kent  # of a group of single sign-on
    assert check_trail().findings == ()


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["rename", "correct"]),
        st.sampled_from(["Kent", "Essex"]),
        st.integers(-60, 10),  # the first day, from today
        st.sampled_from("ABCD"),
    ),
    max_size=8,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_random_histories_have_the_names_of_a_simple_list(world, acts):
    """The oracle is a list of (day, name) of each force, changed as the acts say."""
    today, at = london_day(world.now), world.now
    with transaction.atomic():
        before = positions.today(world.inspection, on=today)
        oracle = {name: [(date.min, world.forces[name].name)] for name in ("Kent", "Essex")}
        for act, force, days, letter in acts:
            name, since = f"{force} {letter} Police", today + days * DAY
            _do(world, act, force, since, name, oracle[force], at=at)
        for force, names in oracle.items():
            for days in range(-62, 1):
                on = today + days * DAY
                expected = max((day, name) for day, name in names if day <= on)[1]
                named = bodies_on(on).get(slug=world.forces[force].slug)
                assert named.name == expected
            assert Body.objects.get(slug=world.forces[force].slug).name == expected
        assert positions.today(world.inspection, on=today) == before
        assert check_trail().findings == ()
        create_digests(week=Week.of(today), at=at)
        now = Body.objects.get(slug="kent").name
        assert EmailContent.objects.filter(text__contains=now).exists()
        transaction.set_rollback(True)


def _do(world, act, force, since, name, names, *, at):
    """Do it to the service and to the list, if the service does not refuse it."""
    body = Body.objects.get(slug=world.forces[force].slug)
    rows = list(body.names.valid().order_by("pk"))
    common = {"body": body, "name": name, "short_name": force, "by": world.administrator, "at": at}
    try:
        if act == "rename":
            rename_body(since=since, **common)
            names.append((since, name))
        else:
            wrong = rows[-1] if rows else None
            day = since if wrong and wrong.since else None
            correct_body_name(recorded=wrong, since=day, **common)
            names.remove((wrong.since or date.min if wrong else date.min, names_of(wrong, names)))
            names.append((day or date.min, name))
    except Refusal:
        pass


def names_of(wrong, names):
    return wrong.name if wrong else names[0][1]
