"""Large files: asked for, made by a job, and opened by the asker alone."""

import csv
import io
import re
from datetime import timedelta

import openpyxl
import pytest

from forces.models import AuditEvent, Role
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.request_download import AT_ONCE, ask_for_download
from recommendations.exports import background
from recommendations.jobs import keep_house
from recommendations.models import Download, Update
from tests.factories import UserFactory
from tests.recommendations.pages.pages import text_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
State = Download.State


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def reading(client, world):
    client.force_login(world.analyst)
    return client


def ask(world, kind="updates", file_type="csv", *, by=None, at=None, **parameters) -> Download:
    return ask_for_download(
        kind=kind,
        file_type=file_type,
        parameters=parameters,
        by=by or world.analyst,
        at=at or world.now,
    )


def made(world, *args, **options) -> Download:
    asked = ask(world, *args, **options)
    background.make(asked.pk, at=world.now)
    asked.refresh_from_db()
    assert asked.state == State.READY
    return asked


def lines_of(asked: Download) -> list[list[str]]:
    return list(csv.reader(io.StringIO(bytes(asked.content).decode().lstrip("\ufeff"))))


def test_asking_shows_how_far_it_is_and_then_the_link(reading, world):
    answer = reading.post("/downloads/", {"kind": "updates", "file_type": "csv"}, follow=True)
    assert "Preparing your file" in text_of(answer)
    asked = Download.objects.get()
    address = asked.get_absolute_url()
    assert reading.get(f"{address}file/").status_code == 404
    fragment = reading.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="load delay:2s"' in fragment
    assert "<html" not in fragment
    background.make(asked.pk, at=world.now)
    text = text_of(reading.get(address))
    assert "hx-trigger" not in text
    assert "updates-" in text
    file = reading.get(f"{address}file/")
    assert file["Content-Disposition"].startswith('attachment; filename="updates-')
    assert "no-store" in file["Cache-Control"]
    assert AuditEvent.objects.filter(act="file downloaded").count() == 1


def test_every_update_is_there_once_with_its_review(world):
    lines = lines_of(made(world))
    head, rows = lines[5], lines[6:]
    assert len(rows) == Update.objects.count() == 4
    returned = next(row for row in rows if row[head.index("Review")] == "Returned")
    assert returned[0].startswith("Kent")
    assert lines[4] == ["Demonstration data: all of it is made up."]


def test_an_officer_gets_the_own_bodys_updates_only(world):
    rows = lines_of(made(world, by=world.officer))[6:]
    assert len(rows) == 2
    assert all(row[0].startswith("Kent") for row in rows)


def test_months_have_every_position_of_each(world):
    lines = lines_of(made(world, "months"))
    days = {row[0] for row in lines[6:]}
    assert rules.london_day(world.now).isoformat() in days
    assert len(lines[6:]) == 15 * len(days) or len(lines[6:]) == 15 * (len(days) - 1)
    book = openpyxl.load_workbook(io.BytesIO(made(world, "months", "xlsx").content))
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]


def test_the_briefing_is_a_tagged_pdf(world):
    since = (rules.london_day(world.now) - timedelta(days=100)).isoformat()
    content = bytes(made(world, "briefing", "pdf", since=since).content)
    assert content.startswith(b"%PDF-")
    assert b"/MarkInfo" in content or b"/StructTreeRoot" in content
    assert b"pdfuaid" in content or re.search(rb"/Lang ?\(en", content)


def test_a_letter_without_a_shape_stops_no_briefing(world, caplog):
    recommendation = world.recommendations[0]
    recommendation.summary = "A smile 😀 and 漢字, #strong[no markup] $x$ \\u{41}."
    recommendation.save()
    since = rules.london_day(world.now).isoformat()
    assert made(world, "briefing", "pdf", since=since).size > 10_000
    assert "is no PDF/UA-1" in caplog.text


@pytest.mark.parametrize("person", ["officer", "observer", "administrator"])
def test_nobody_else_opens_the_link(client, world, person):
    asked = made(world)
    client.force_login(getattr(world, person))
    assert client.get(asked.get_absolute_url()).status_code == 404
    assert client.get(f"{asked.get_absolute_url()}file/").status_code == 404
    assert "Every update, CSV" not in text_of(client.get("/downloads/"))


def test_a_lost_role_loses_the_file(client, world):
    asked = made(world)
    world.analyst.role, world.analyst.body = Role.LIAISON_OFFICER, world.forces["Kent"]
    world.analyst.save()
    client.force_login(world.analyst)
    assert client.get(f"{asked.get_absolute_url()}file/").status_code == 404


def test_a_role_lost_while_it_waits_makes_no_file(world):
    asked = ask(world)
    world.analyst.role, world.analyst.body = Role.LIAISON_OFFICER, world.forces["Kent"]
    world.analyst.save()
    background.make(asked.pk, at=world.now)
    asked.refresh_from_db()
    assert (asked.state, asked.size) == (State.FAILED, 0)


def test_a_briefing_is_for_those_who_see_every_body(client, world):
    client.force_login(world.officer)
    assert "Briefing pack" not in text_of(client.get("/downloads/"))
    posted = {"kind": "briefing", "since_day": "1", "since_month": "1", "since_year": "2026"}
    assert client.post("/downloads/", posted).status_code == 404
    with pytest.raises(Refusal):
        ask(world, "briefing", "pdf", by=world.officer, since="2026-01-01")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"since_day": "1", "since_month": "1", "since_year": "2999"}, "today or in the past"),
        ({"since_day": "31", "since_month": "2", "since_year": "2026"}, "must be a real date"),
        ({"since_day": "", "since_month": "", "since_year": ""}, "Enter the first day"),
        ({"since_day": "1", "since_month": "1", "since_year": "0001"}, "in 1900 or later"),
    ],
)
def test_a_wrong_day_is_said_and_nothing_is_asked_for(reading, typed, said):
    text = text_of(reading.post("/downloads/", {"kind": "briefing", **typed}))
    assert said in text
    assert not Download.objects.exists()
    assert f'value="{typed["since_year"]}"' in text or not typed["since_year"]


@pytest.mark.parametrize("posted", [{}, {"kind": "all"}, {"kind": "updates\x00"}])
def test_no_such_kind_is_not_found(reading, posted):
    assert reading.post("/downloads/", posted).status_code == 404


def test_no_such_kind_of_file_is_said(reading):
    text = text_of(reading.post("/downloads/", {"kind": "updates", "file_type": "exe"}))
    assert "Choose a kind of file from the list" in text


def test_a_double_click_asks_once_and_too_many_are_refused(world, reading):
    assert ask(world).pk == ask(world).pk
    for number in range(AT_ONCE - 1):
        ask(world, at=world.now + timedelta(minutes=2 * (number + 1)))
    text = text_of(reading.post("/downloads/", {"kind": "months", "file_type": "csv"}))
    assert "5 files are being made for you" in text
    ask(world, by=UserFactory())


def test_what_fails_three_times_is_given_up(world, caplog):
    asked = ask(world, "briefing", "pdf", since="no day")
    for _ in range(background.TRIES):
        background.make(asked.pk, at=world.now)
    asked.refresh_from_db()
    assert asked.state == State.FAILED
    assert "could not be made" in caplog.text


def test_a_stalled_file_is_taken_up_and_a_poisoned_one_is_not(world):
    stalled = ask(world, at=world.now - timedelta(minutes=10))
    poisoned = ask(world, "months", at=world.now - timedelta(minutes=10))
    Download.objects.filter(pk=poisoned.pk).update(state=State.WORKING, tries=background.TRIES)
    fresh = ask(world, "months", "ods")
    assert background.resume(at=world.now) == 2
    states = dict(Download.objects.values_list("pk", "state"))
    assert states == {
        stalled.pk: State.READY,
        poisoned.pk: State.FAILED,
        fresh.pk: State.WAITING,
    }


def test_making_twice_makes_once(world):
    asked = made(world)
    before = asked.moved_at
    background.make(asked.pk, at=world.now)
    asked.refresh_from_db()
    assert asked.moved_at == before


def test_files_are_kept_for_seven_days(world):
    made(world, at=world.now - timedelta(days=8))
    kept = made(world)
    assert "Files made for you to take away (1)" in keep_house(at=world.now)
    assert list(Download.objects.values_list("pk", flat=True)) == [kept.pk]
