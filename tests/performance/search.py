"""Times the search with 660,000 updates, fails above its limit, and prints how PostgreSQL plans it.

All updates are of the inspection that is searched.
"""

import sys
from datetime import UTC, datetime, timedelta

import django
from django.db import connection

UPDATES = 1500  # of each of the 440 assignments


def main() -> int:
    """Fill an empty database, time the searches and print plans. Return 1 if a limit is missed."""
    django.setup()
    from forces.models import User
    from tests.performance import history, pages
    from tests.performance.page_list import COMMON_WORD, RARE_WORD, searches
    from tests.performance.timing import ANALYST, OFFICER, signed_in

    today = (datetime.now(UTC) - timedelta(days=1)).date()
    with pages.prepared("the demonstration data"):
        pages.load_demonstration(today)
    with pages.prepared("ten years of updates"):
        updates = history.create_ten_years(updates=UPDATES)
    clients = {
        reader: signed_in(User.objects.get(email=f"{name}@example.org"))
        for reader, name in ((ANALYST, "analyst"), (OFFICER, "kent"))
    }
    failures = pages.time_pages(f"Search in {updates:,} updates", clients, searches())
    for word in (RARE_WORD, COMMON_WORD):
        print(f"\nHow the newest updates with “{word}” are found")
        print("\n".join(_plan(word)))
    print("\n" + ("\n".join(failures) or "Every search is within its limit."), flush=True)
    return int(bool(failures))


def _plan(text: str) -> list[str]:
    from recommendations.dashboards.search import sql
    from recommendations.dashboards.search.search import MAX_RESULTS
    from recommendations.models import Inspection

    inspection = Inspection.objects.current()
    assert inspection is not None
    values = {"text": text, "inspection": inspection.pk, "every": True, "body": None}
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {sql.UPDATES}",
            {**values, "most": MAX_RESULTS + 1},
        )
        return [line for (line,) in cursor.fetchall()]


if __name__ == "__main__":
    from tests.performance.timing import WrongResponse

    try:
        sys.exit(main())
    except WrongResponse as error:
        sys.exit(str(error))
