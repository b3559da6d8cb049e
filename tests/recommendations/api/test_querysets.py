"""The rows of the API: who sees what, filters and past positions."""

from datetime import timedelta

import pytest

from recommendations import rules
from recommendations.models import Assignment, FlagEpisode, Inspection, Update
from recommendations.positions import positions
from recommendations.rules import Flag
from tests.factories import (
    add_step,
    reverse_review,
)

pytestmark = pytest.mark.django_db


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

    def test_steps_are_read_with_the_updates(self, ask, world):
        add_step(world.assignment("Kent", 3), at=world.now, by=world.officer)
        [item] = ask(world.officer, "steps", recommendation=3).json()["items"]
        assert (item["body"], item["reference"], item["step"]) == ("kent", "3", 1)
        assert ask(world.officer, "steps", as_at="2026-01-01").json()["items"] == []
        assert ask(world.observer, "steps").json()["items"] == []

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
