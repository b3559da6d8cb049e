"""The page on which an administrator ends an organisation."""

import pytest
from django.test import Client

from forces.models import BodyEnd, Role
from tests.factories import UserFactory, add_step

pytestmark = pytest.mark.django_db
PATH = "/forces/kent/end/"
TOMORROW = {"ends_on_day": "26", "ends_on_month": "11", "ends_on_year": "2026"}


@pytest.fixture
def admin(world):
    client = Client()
    client.force_login(world.administrator)
    return client


def test_an_end_is_previewed_confirmed_and_cancelled(world, admin):
    today = TOMORROW | {"ends_on_day": "25"}
    answers = TOMORROW | {"successor": world.forces["Essex"].pk, "reason": "Merger Order."}
    preview = admin.post(PATH, answers).content.decode()
    assert "Nothing has been recorded yet." in preview
    assert "Essex has it already (not started) and keeps its own" in preview
    assert "Kay Ent, Force liaison officer" in preview
    assert not BodyEnd.objects.exists()
    assert admin.post(PATH, answers | {"confirmed": "0"}).status_code == 302
    assert "It ends on 26 November 2026" in admin.get("/forces/kent/").content.decode()
    stale = admin.post(PATH, answers | {"confirmed": "0"}).content.decode()
    assert "Nothing has been recorded yet." in stale
    assert admin.post(PATH, {"cancel": "yes", "why_not": "Dropped."}).status_code == 302
    assert "It ends on" not in admin.get("/forces/kent/").content.decode()
    assert admin.post(PATH, answers | today | {"confirmed": "0"}).status_code == 302
    page = admin.get("/forces/kent/").content.decode()
    assert "Kent Police ended on 25 November 2026." in page
    assert "Its work is with" in page
    assert "It has the work of" in admin.get("/forces/essex/").content.decode()
    assert "History at" in admin.get("/forces/essex/2/").content.decode()
    assert "Moved to" in admin.get("/forces/kent/2/").content.decode()
    assert "It ended on 25 November 2026." in admin.get(PATH).content.decode()
    assert "Organisations that have ended" in admin.get("/forces/").content.decode()
    assert "ended on" not in admin.get("/forces/kent/?as_at=2026-11-24").content.decode()
    file = admin.get("/downloads/forces/forces.csv").getvalue().decode()
    assert "2026-11-25" in file


def test_pages_of_an_ended_force_offer_and_compare_nothing(world, admin):
    add_step(world.assignment("Kent", 2), at=world.now, by=world.officer)
    answers = TOMORROW | {"ends_on_day": "25", "successor": world.forces["Essex"].pk}
    answers["reason"] = "Merger Order."
    # Its step does not move, because Essex has the recommendation.
    assert "Steps that are not done" not in admin.post(PATH, answers).content.decode()
    assert admin.post(PATH, answers | {"confirmed": "0"}).status_code == 302
    page = admin.get("/forces/kent/").content.decode()
    assert "Done or withdrawn: 3" in page
    assert "Compared with other forces" not in page
    assert "Put the due dates in your calendar" not in page
    drawing = admin.get("/downloads/forces/tile-map.svg").getvalue().decode()
    assert ("ESSEX" in drawing, "KENT" in drawing) == (True, False)
    assert admin.get("/forces/kent-pcc/end/").status_code == 404
    reader = Client()
    reader.force_login(UserFactory(role=Role.LOCAL_POLICING_BODY, body=world.policing["Kent"]))
    page = reader.get("/forces/kent/").content.decode()
    assert "Its work is with Essex Police." in page


def test_a_day_in_the_past_is_refused(world, admin):
    answers = TOMORROW | {"ends_on_day": "24", "successor": "", "reason": "Closed."}
    assert admin.post(PATH, answers).status_code == 409
