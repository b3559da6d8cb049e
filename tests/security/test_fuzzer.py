"""Sends hostile and random values to every form and parameter as every user: nothing fails.

FUZZ_REQUESTS is the number of requests (150; `make fuzz` sends 20,000), FUZZ_SEED their seed.
"""

import os

import pytest

from forces.audit_check import check_trail
from tests.security.endpoints import all_endpoints
from tests.security.fuzz_targets import find_targets, parameter_names
from tests.security.fuzzer import FuzzResults, fuzz
from tests.security.row_snapshots import rows_of_others, user_permissions
from tests.security.scenario import Scenario

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "150"))
MANY_REQUESTS = 20_000  # enough to look for forms in more pages, and to reach every endpoint
SEED = int(os.environ.get("FUZZ_SEED", "6"))
PERCENTAGES = {  # of the requests; users with the fewest permissions come first
    "signed out": 8,
    "deactivated": 3,
    "observer": 7,
    "force observer": 7,
    "chief": 8,
    "officer": 27,
    "analyst": 22,
    "administrator": 18,
}
MAX_PRINTED = 40

pytestmark = pytest.mark.usefixtures("no_logs")


def test_no_request_fails_or_exceeds_the_permissions_of_its_user(scenario: Scenario, capsys):
    names = parameter_names()
    max_pages = 3 if REQUESTS >= MANY_REQUESTS else 1
    targets = {
        name: find_targets(scenario, name, names, max_pages=max_pages) for name in PERCENTAGES
    }
    kent = scenario.users["officer"].body
    rows_before, results = rows_of_others(kent), FuzzResults()
    permissions_before = user_permissions()
    for number, (name, percentage) in enumerate(PERCENTAGES.items()):
        if name == "analyst":  # analysts may change the records of every force
            assert rows_of_others(kent) == rows_before
        fuzz(
            scenario,
            name,
            targets[name],
            results,
            requests=max(1, REQUESTS * percentage // 100),
            seed=SEED + number,
        )
    with capsys.disabled():
        _print(results)
    assert not results.faults, "\n".join(results.faults[:MAX_PRINTED])
    assert user_permissions() == permissions_before
    assert check_trail().findings == ()
    if REQUESTS >= MANY_REQUESTS:
        assert _missed_routes(results) == []


def _missed_routes(results: FuzzResults) -> list[str]:
    reached = {route.replace("^", "") for route in results.routes}
    routes = {endpoint.route for endpoint in all_endpoints()}
    return sorted(route for route in routes if route.replace("^", "") not in reached)


def _print(results: FuzzResults) -> None:
    """Print the responses by method and status class."""
    classes = sorted({status for _, status in results.responses})
    print(f"\nFuzzer: {results.request_count:,} requests, seed {SEED}.")
    print(f"{'':9}" + "".join(f"{status:>8}" for status in classes))
    for method in sorted({method for method, _ in results.responses}):
        counts = (results.responses[method, status] for status in classes)
        print(f"{method:9}" + "".join(f"{count:8}" for count in counts))
    print("  ".join(f"{name} {count:,}" for name, count in results.by_user.items()))
    routes = {endpoint.route for endpoint in all_endpoints()}
    missed = _missed_routes(results)
    print(f"Endpoints reached: {len(routes) - len(missed)} of {len(routes)}.", *missed[:9])
    print(f"Failures: {len(results.faults)}.")
