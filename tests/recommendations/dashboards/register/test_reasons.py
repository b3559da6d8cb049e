"""Why a recommendation is where it is in the order of urgency."""

from datetime import UTC, date, datetime, timedelta

import pytest

from recommendations.dashboards.register import reasons
from recommendations.dashboards.register.returns import ReturnedClaim
from recommendations.positions.positions import Position

TODAY = date(2026, 11, 25)
POSITION = Position(
    assignment_id=1,
    body_id=1,
    reference="3",
    is_lead=False,
    on=TODAY,
    status="in_progress",
    original_due_on=date(2027, 3, 31),
    due_on=date(2027, 3, 31),
    due_date_changes_count=0,
    confidence="green",
    forecast_on=date(2027, 3, 1),
    is_returned=False,
    is_self_assessed=False,
    ending="",
    superseded_by="",
    no_change_count=0,
    latest_update_id=7,
    heard_at=datetime(2026, 11, 20, tzinfo=UTC),
    first_claimed_at=None,
    changed_at=datetime(2026, 11, 20, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"latest_update_id": None, "status": "not_started"},
            "No update yet, assigned on 20 Nov",
        ),
        (
            {"heard_at": datetime(2026, 10, 1, tzinfo=UTC), "forecast_on": None},
            "No update for 55 days",
        ),
        ({"forecast_on": None}, "Last update on 20 Nov"),
        ({"confidence": "red"}, "You forecast 1 Mar 2027, confidence red"),
        (
            {"confidence": "red", "forecast_on": None},
            "Confidence is red, and there is no forecast",
        ),
        (
            {"forecast_on": date(2027, 4, 1)},
            "You forecast 1 Apr 2027, 1 day after the due date",
        ),
        ({"forecast_on": TODAY - timedelta(days=1)}, "Your forecast of 24 Nov has passed"),
        ({"status": "evidence_submitted"}, "Claim of 20 Nov is awaiting review"),
        ({"status": "withdrawn"}, "Withdrawn"),
        (
            {"status": "withdrawn", "ending": "superseded", "superseded_by": "later/7a"},
            "Withdrawn: superseded by R7a of later",
        ),
    ],
)
def test_the_most_important_reason_is_named(change, sentence):
    assert reasons.why(POSITION._replace(**change), returned=None, is_own=True) == sentence


def test_readers_of_other_organisations_read_nothing_of_forecasts():
    text = reasons.why(POSITION, returned=None, is_own=False, sees_documents=False)
    assert text == "Last update on 20 Nov"
    assert reasons.why(POSITION, returned=None, is_own=False).startswith("Forecast 1 Mar 2027")


def test_the_short_forms_are_for_lists():
    assert reasons.describe_forecast(POSITION) == "1 Mar 2027"
    assert reasons.describe_flags(POSITION) == "due 31 Mar 2027"


def test_a_returned_claim_says_when_and_why():
    causes = ("The evidence does not support the claim",)
    returned = ReturnedClaim(date(2026, 11, 16), causes)
    assert reasons.why(POSITION._replace(is_returned=True), returned=returned, is_own=True) == (
        "Returned on 16 Nov: the evidence does not support the claim"
    )
