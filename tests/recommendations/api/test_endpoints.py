"""The lists of the API: who sees what, filters, past positions, paging, CSV and 304."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations import rules
from recommendations.actions.change_due_date import change_due_date
from recommendations.models import Assignment, FlagEpisode, Inspection, Update
from recommendations.positions import positions
from recommendations.rules import Flag
from tests.factories import (
    AssignmentFactory,
    ForceFactory,
    RecommendationFactory,
    accept,
    reverse_review,
    submit,
)
from tests.recommendations.api.conftest import token_of

pytestmark = pytest.mark.django_db
LISTS = ["bodies", "recommendations", "assignments", "positions", "flags", "updates"]


def walk(ask, person, path: str, **query) -> list[dict]:
    """Every page, one after the other."""
    found, cursor = [], {}
    while True:
        page = ask(person, path, **query, **cursor).json()
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


class TestWhoSeesWhat:
    @pytest.mark.parametrize("reader", ["analyst", "administrator"])
    def test_national_readers_read_every_update(self, ask, world, reader):
        items = ask(getattr(world, reader), "updates").json()["items"]
        assert {item["body"] for item in items} == {"kent", "essex", "surrey"}
        assert len(items) == Update.objects.count()

    def test_an_officer_reads_the_updates_of_their_own_body_only(self, ask, world):
        items = ask(world.officer, "updates").json()["items"]
        assert {item["body"] for item in items} == {"kent"}
        returned = next(item for item in items if item["recommendation"] == 2)
        assert returned["decision"] == "returned"
        assert returned["decision_reason"] == "The evidence is missing."

    @pytest.mark.parametrize("body", ["essex", "atlantis"])
    def test_updates_of_other_bodies_are_not_found(self, ask, world, body):
        response = ask(world.officer, "updates", body=body)
        assert response.status_code == 404
        assert response.json() == {"detail": f"There is no body '{body}' here."}

    def test_an_observer_of_no_body_reads_no_update(self, ask, world):
        assert ask(world.observer, "updates").json()["items"] == []

    @pytest.mark.parametrize("path", ["assignments", "positions"])
    def test_an_officer_sees_only_the_status_of_others(self, ask, world, path):
        items = ask(world.officer, path, limit=500).json()["items"]
        surrey = next(i for i in items if (i["body"], i["recommendation"]) == ("surrey", 3))
        assert surrey["status"] == "in_progress"
        assert "at_risk" in surrey["flags"]
        assert (surrey["confidence"], surrey["forecast_on"]) == (None, None)
        analyst_items = ask(world.analyst, path, limit=500).json()["items"]
        surrey = next(i for i in analyst_items if (i["body"], i["recommendation"]) == ("surrey", 3))
        assert surrey["confidence"] == "red"

    def test_the_reason_for_a_flag_is_hidden_with_the_updates(self, ask, world):
        items = ask(world.officer, "flags", limit=500).json()["items"]
        bodies = {item["body"] for item in items if item["raised_because"] is not None}
        assert bodies == {"kent"}
        assert {item["body"] for item in items} > {"kent"}

    def test_the_latest_decision_is_returned(self, ask, world):
        claim = world.assignment("Kent", 1).latest_update
        reverse_review(
            review=claim.review, reason="It did not last.", by=world.analyst, at=world.now
        )
        items = ask(world.officer, "updates", recommendation=1).json()["items"]
        assert [item["decision"] for item in items] == ["returned"]
        assert [item["decision_reason"] for item in items] == ["It did not last."]


class TestFilters:
    def test_assignments_by_body_recommendation_status_and_flag(self, ask, world):
        def found(**query):
            items = ask(world.analyst, "assignments", **query).json()["items"]
            return [(item["body"], item["recommendation"]) for item in items]

        assert found(body="kent") == [("kent", 1), ("kent", 2), ("kent", 3)]
        assert len(found(recommendation=2)) == 5
        assert found(status="implemented") == [("kent", 1)]
        assert ("kent", 2) in found(flag="overdue")
        overdue = Assignment.objects.overdue(on=rules.london_day(world.now))
        assert len(found(flag="overdue")) == overdue.count()

    def test_the_flags_are_those_of_the_rules(self, ask, world):
        on = rules.london_day(world.now)
        items = ask(world.analyst, "assignments", limit=500).json()["items"]
        flags = {item["assignment"]: set(item["flags"]) for item in items}
        expected = {a.pk: set(rules.flags(a, on=on)) for a in Assignment.objects.all()}
        assert flags == expected

    def test_flags_in_force_between_two_days(self, ask, world):
        on = rules.london_day(world.now)
        overdue = FlagEpisode.objects.filter(flag=Flag.OVERDUE).first()

        def found(**query):
            items = ask(world.analyst, "flags", limit=500, **query).json()["items"]
            return [item for item in items if item["flag"] == "overdue"]

        assert found(since=on)
        assert found(until=overdue.raised_on)
        assert not found(until=overdue.raised_on - timedelta(days=1))
        assert len(found(since=on - timedelta(days=400), until=on)) == len(found())

    def test_updates_since_a_day_or_an_instant(self, ask, world):
        last = Update.objects.latest("submitted_at")
        day = rules.london_day(last.submitted_at)
        for since in (day.isoformat(), last.submitted_at.isoformat()):
            items = ask(world.analyst, "updates", since=since).json()["items"]
            assert last.pk in [item["id"] for item in items], since
        later = (last.submitted_at + timedelta(seconds=1)).isoformat()
        assert ask(world.analyst, "updates", since=later).json()["items"] == []


class TestPositions:
    @pytest.mark.parametrize("days_ago", [0, 5, 15, 25, 85, 150, 201])
    def test_a_past_day_agrees_with_the_history(self, ask, world, days_ago):
        inspection = Inspection.objects.current()
        on = rules.london_day(world.now) - timedelta(days=days_ago)
        expected = (
            positions.as_at(inspection, on=on) if days_ago else positions.today(inspection, on=on)
        )
        page = ask(world.analyst, "positions", as_at=on.isoformat(), limit=500).json()
        assert page["position_on"] == on.isoformat()
        assert [self._summary(item) for item in page["items"]] == sorted(
            (
                each.assignment_id,
                each.status,
                each.due_on.isoformat(),
                each.days_overdue,
                [flag for flag in Flag if flag in each.flags],
                each.confidence or None,
            )
            for each in expected
        )

    def test_a_past_instant_includes_nothing_later(self, ask, world):
        claim = world.assignment("Kent", 2)
        at = claim.heard_at
        for instant, status in ((at, "evidence_submitted"), (at - timedelta(seconds=1), None)):
            page = ask(world.analyst, "positions", as_at=instant.isoformat(), limit=500).json()
            found = next(i for i in page["items"] if i["assignment"] == claim.pk)
            assert found["status"] == (status or "not_started")

    @staticmethod
    def _summary(item: dict) -> tuple:
        names = ("assignment", "status", "due_on", "days_overdue", "flags", "confidence")
        return tuple(item[name] for name in names)


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
        response = ask(world.analyst, path, format="csv")
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert rows[0] == [f"County lines (demonstration): {path}"]
        assert rows[2] == ["Demonstration data: all of it is made up."]
        items = ask(world.analyst, path, limit=500).json()["items"]
        assert rows[3] == list(items[0])
        assert len(rows) == 4 + len(items)

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


class TestWhatMakesNoSense:
    @pytest.mark.parametrize(
        ("path", "query", "sentence"),
        [
            ("bodies", {"limit": "0"}, "limit must be 1 or more."),
            ("bodies", {"limit": "501"}, "limit must be 500 or less."),
            ("bodies", {"limit": "x"}, "limit must be a whole number."),
            ("bodies", {"format": "xml"}, "format must be 'json' or 'csv'."),
            ("bodies", {"offset": "3"}, "There is no parameter 'offset' here."),
            ("assignments", {"recommendation": "9" * 30}, "recommendation must be 32767 or less."),
            ("flags", {"since": "2026-02-30"}, "since must be a real date, such as 2026-11-24."),
            ("flags", {"since": "1700000000"}, "since must be a real date, such as 2026-11-24."),
            ("updates", {"since": "0001-01-01"}, "since must be a real date, such as 2026-11-24."),
            ("positions", {"as_at": "9999-12-31"}, "is in the future."),
            ("positions", {"as_at": "0001-01-01"}, "There are no figures before 1900."),
            ("positions", {"as_at": "2026-02-30"}, "is not a real date. Write it like"),
        ],
    )
    def test_is_said_in_a_sentence(self, ask, world, path, query, sentence):
        response = ask(world.analyst, path, **query)
        assert response.status_code == 422
        assert sentence in response.json()["detail"]

    def test_a_status_or_a_body_that_cannot_be(self, ask, world):
        said = ask(world.analyst, "assignments", status="done", body="\x00").json()["detail"]
        assert "status must be 'not_started', 'in_progress'" in said
        assert "body must be the slug of a body" in said

    @pytest.mark.parametrize("query", [{"body": "atlantis"}, {"recommendation": 99}])
    def test_what_is_unknown_is_not_found(self, ask, world, query):
        assert ask(world.analyst, "assignments", **query).status_code == 404

    def test_without_an_inspection_it_says_so(self, ask, db):
        from tests.factories import UserFactory

        response = ask(UserFactory(), "bodies")
        assert response.status_code == 404
        assert response.json() == {"detail": "No inspection is loaded yet."}


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
    assert max(few.values()) <= 7
