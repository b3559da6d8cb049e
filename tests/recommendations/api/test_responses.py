"""The responses of the API: paging, the notice, CSV and 304."""

import io
from datetime import timedelta

import pandas
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations import rules
from recommendations.actions.change_due_date import change_due_date
from recommendations.models import Assignment, FlagEpisode, Inspection, Update
from recommendations.rules import Flag
from tests.factories import (
    AssignmentFactory,
    ForceFactory,
    RecommendationFactory,
    accept,
    add_step,
    submit,
)
from tests.recommendations.api.conftest import token_of

pytestmark = pytest.mark.django_db
LISTS = [
    *("bodies", "recommendations", "assignments", "positions", "flags", "responses", "steps"),
    *("outcomes", "updates", "fragmentation"),
]


def walk(ask, person, path: str, **query) -> list[dict]:
    """Every page, one after the other."""
    found, cursor = [], {}
    while True:
        page = ask(person, path, **query, **cursor).json()
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


class TestCursors:
    @pytest.mark.parametrize("path", LISTS)
    @pytest.mark.parametrize("limit", [1, 2, 500])
    def test_the_pages_together_are_the_list(self, ask, world, path, limit):
        everything = ask(world.analyst, path, limit=500).json()["items"]
        assert walk(ask, world.analyst, path, limit=limit) == everything

    def test_rows_that_change_between_two_pages_are_returned_once(self, ask, world):
        first = ask(world.analyst, "assignments", limit=5).json()
        change_due_date(
            assignment=world.assignment("Norfolk", 1),
            to=rules.london_day(world.now) + timedelta(days=300),
            reason="More time.",
            by=world.analyst,
            at=world.now,
        )
        AssignmentFactory(recommendation=world.recommendations[0], body=ForceFactory())
        rest, cursor = [], first["next"]
        while cursor:
            page = ask(world.analyst, "assignments", limit=5, cursor=cursor).json()
            rest, cursor = rest + page["items"], page["next"]
        keys = [item["assignment"] for item in first["items"] + rest]
        assert keys == list(Assignment.objects.order_by("pk").values_list("pk", flat=True))

    def test_an_update_sent_between_two_pages_comes_at_the_end(self, ask, world):
        first = ask(world.analyst, "updates", limit=2).json()
        sent = submit(world.assignment("Norfolk", 3), at=world.now)
        rest = ask(world.analyst, "updates", limit=500, cursor=first["next"]).json()
        ids = [item["id"] for item in first["items"] + rest["items"]]
        assert ids == list(Update.objects.order_by("pk").values_list("pk", flat=True))
        assert ids[-1] == sent.pk

    @pytest.mark.parametrize("forged", ["x", "WzEsIngiXQ:abc", "\x00", "é" * 50])
    def test_a_forged_cursor_is_refused(self, ask, world, forged):
        response = ask(world.analyst, "bodies", cursor=forged)
        assert response.status_code == 422
        assert response.json()["detail"].startswith("The cursor does not belong to this list.")

    def test_a_cursor_of_another_list_is_refused(self, ask, world):
        cursor = ask(world.analyst, "assignments", limit=1).json()["next"]
        assert ask(world.analyst, "bodies", cursor=cursor).status_code == 422
        other = ask(world.analyst, "assignments", cursor=cursor, status="implemented")
        assert other.status_code == 422


class TestEveryResponse:
    @pytest.mark.parametrize("path", ["inspection", *LISTS])
    def test_has_the_inspection_and_the_demonstration_notice(self, ask, world, path):
        response = ask(world.analyst, path)
        content = response.json()
        assert content["inspection"]["title"] == "County lines (demonstration)"
        assert content["is_synthetic"] is True
        assert content["notice"] == "Demonstration data: all of it is made up."
        assert content["position_on"] == rules.london_day(world.now).isoformat()
        assert response["Content-Type"] == "application/json; charset=utf-8"
        assert "Authorization" in response["Vary"]
        assert not response.cookies

    def test_real_data_has_no_notice(self, ask, world):
        Inspection.objects.update(is_synthetic=False)
        content = ask(world.analyst, "inspection").json()
        assert (content["is_synthetic"], content["notice"]) == (False, "")

    @pytest.mark.parametrize("path", LISTS)
    def test_is_also_a_csv_file_of_the_whole_list(self, ask, world, path):
        add_step(world.assignment("Kent", 3), at=world.now, by=world.officer)
        response = ask(world.analyst, path, format="csv")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        table = pandas.read_csv(io.StringIO(text))
        items = ask(world.analyst, path, limit=500).json()["items"]
        more = ["position_on", "position_at", "is_synthetic"]
        assert list(table.columns) == [*items[0], *more]
        assert len(table) == len(items)
        assert table["is_synthetic"].all()
        assert response["Content-Disposition"].endswith('-demonstration.csv"')

    def test_a_csv_file_has_no_formulas(self, ask, world):
        submit(world.assignment("Norfolk", 3), at=world.now, account="=cmd|'/c calc'!A1")
        response = ask(world.analyst, "updates", format="csv", body="norfolk")
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        assert "'=cmd|'/c calc'!A1" in text

    def test_a_csv_file_takes_no_cursor(self, ask, world):
        response = ask(world.analyst, "bodies", format="csv", limit=5)
        assert response.status_code == 422
        assert "A CSV file is the whole list" in response.json()["detail"]


class TestNotModified:
    @pytest.mark.parametrize("path", ["inspection", *LISTS])
    def test_is_not_sent_twice(self, ask, world, path):
        etag = ask(world.analyst, path)["ETag"]
        assert etag.startswith('W/"')
        again = ask(world.analyst, path, headers={"If-None-Match": etag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert again["Cache-Control"] == "private, no-cache"

    def test_is_sent_again_after_a_change_and_for_another_reader_or_query(self, ask, world):
        etag = ask(world.analyst, "assignments")["ETag"]
        known = {"If-None-Match": etag}
        assert ask(world.officer, "assignments", headers=known).status_code == 200
        assert ask(world.analyst, "assignments", headers=known, limit=3).status_code == 200
        accept(world.assignment("Essex", 1).latest_update, at=world.now, by=world.analyst)
        assert ask(world.analyst, "assignments", headers=known).status_code == 200

    def test_is_sent_again_after_flags_were_raised_by_time(self, ask, world):
        etag = ask(world.analyst, "flags")["ETag"]
        FlagEpisode.objects.create(
            assignment=world.assignment("Norfolk", 1),
            flag=Flag.OVERDUE,
            raised_on=rules.london_day(world.now),
            raised_because="time passed",
        )
        response = ask(world.analyst, "flags", headers={"If-None-Match": etag})
        assert response.status_code == 200

    def test_a_person_s_new_role_is_seen_at_once(self, ask, world):
        etag = ask(world.officer, "updates")["ETag"]
        world.officer.body = world.forces["Essex"]
        world.officer.save()
        headers = {"If-None-Match": etag}
        assert ask(world.officer, "updates", headers=headers).status_code == 401
        headers["Authorization"] = f"Bearer {token_of(world.officer)}"
        response = Client().get("/api/v1/updates", headers=headers)
        assert {item["body"] for item in response.json()["items"]} == {"essex"}


def test_more_rows_need_no_more_queries(ask, world):
    ask(world.analyst, LISTS[0])  # the token's first use is written down

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ask(world.analyst, path, limit=500).status_code == 200
        return len(captured)

    few = {path: queries(path) for path in LISTS}
    for number in range(4, 8):
        recommendation = RecommendationFactory(inspection=world.inspection, number=number)
        recommendation.partners.set(list(world.forces.values()))
        for body in world.forces.values():
            found = AssignmentFactory(recommendation=recommendation, body=body)
            submit(found, at=world.now)
    assert {path: queries(path) for path in LISTS} == few
    assert max(few.values()) <= 9
