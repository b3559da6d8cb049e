"""Why a recommendation needs an update."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recommendations.dashboards.register import reasons
from recommendations.models import Review
from recommendations.positions.positions import Position

TODAY = date(2026, 11, 25)
POSITION = Position(
    assignment_id=1,
    body_id=1,
    number=3,
    is_lead=False,
    on=TODAY,
    status="in_progress",
    original_due_on=date(2027, 3, 31),
    due_on=date(2027, 3, 31),
    due_date_changes_count=0,
    confidence="green",
    forecast_on=date(2027, 3, 1),
    is_returned=False,
    no_change_count=0,
    latest_update_id=7,
    heard_at=datetime(2026, 11, 20, tzinfo=UTC),
    first_claimed_at=None,
    changed_at=datetime(2026, 11, 20, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"latest_update_id": None, "status": "not_started"}, "No update yet."),
        ({"status": "not_started"}, "Not started."),
        ({"heard_at": datetime(2026, 10, 1, tzinfo=UTC)}, "No update for 55 days."),
        ({"confidence": "red"}, "Confidence is red."),
        ({"forecast_on": date(2027, 4, 1)}, "Forecast 1 April 2027, 1 day after the due date."),
        ({"forecast_on": TODAY - timedelta(days=1)}, "The forecast of 24 November has passed."),
    ],
)
def test_each_reason_is_a_sentence_and_needs_an_update(change, sentence):
    position = replace(POSITION, **change)
    assert sentence in list(reasons.reasons(position, returned=None))
    assert reasons.needs_update(position)


def test_without_a_reason_no_update_is_needed():
    assert not reasons.needs_update(POSITION)
    assert list(reasons.reasons(POSITION, returned=None)) == [
        "Due in 126 days.",
        "Forecast 1 March 2027.",
    ]
    assert reasons.describe_forecast(POSITION) == "1 Mar 2027"
    assert reasons.describe_flags(POSITION) == "due 31 Mar 2027"


def test_a_returned_claim_says_when_and_why(monkeypatch):
    review = Review(causes=["not_shown", "other"], reviewed_at=datetime(2026, 11, 16, tzinfo=UTC))
    monkeypatch.setattr(Review, "latest_correction", None)
    sentences = list(reasons.reasons(POSITION, returned=review))
    assert "Returned on 16 November: the evidence does not support the claim." in sentences
    assert reasons.needs_update(replace(POSITION, is_returned=True))
