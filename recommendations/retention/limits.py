"""How much the retention rules may remove in one run without an administrator.

A run above the limits has most likely met the wrong database, the wrong clock or a wrong rule.
"""

from datetime import timedelta

MAX_ITEMS = 20  # of one rule; fewer are always removed
MAX_SHARE = 0.05  # of what there is
FLOW_DAYS = 3  # of rows that come and go: what expires in so many days is no surprise


def is_too_many(count: int, total: int, *, share: float = MAX_SHARE) -> bool:
    return count > MAX_ITEMS and count > share * total


def share_of_flow(lasts: timedelta) -> float:
    """Return the share of rows that may expire at once, where each lasts so long.

    Of downloads, for example, which last seven days, a seventh expires every night.
    """
    return max(MAX_SHARE, timedelta(days=FLOW_DAYS) / lasts)
