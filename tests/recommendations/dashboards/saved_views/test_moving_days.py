from datetime import date

import pytest

from recommendations.dashboards.saved_views.moving_days import days_in, resolved_address


@pytest.mark.parametrize(
    ("rule", "today", "expected"),
    [
        ("last_monday", date(2026, 11, 25), "2026-11-23"),
        ("last_monday", date(2026, 11, 23), "2026-11-16"),
        ("today", date(2026, 11, 25), "2026-11-25"),
        ("week_ago", date(2026, 11, 25), "2026-11-18"),
        ("month_start", date(2026, 11, 25), "2026-11-01"),
        ("month_ago", date(2026, 3, 31), "2026-02-28"),
        ("month_ago", date(2026, 1, 5), "2025-12-05"),
    ],
)
def test_a_day_that_moves_on_is_worked_out_on_the_day(rule, today, expected):
    address = "/heatmap/?region=South+East&compare=2026-10-01"
    resolved = resolved_address(address, {"compare": rule}, today=today)
    assert resolved == f"/heatmap/?region=South+East&compare={expected}"


def test_only_days_can_move_on():
    address = "/heatmap/?as_at=2026-10-01T14%3A30&compare=x&region=South"
    assert days_in(address) == {"as_at": date(2026, 10, 1)}
    same = resolved_address(address, {"region": "week_ago", "as_at": "?"}, today=date(2026, 1, 1))
    assert same == address
