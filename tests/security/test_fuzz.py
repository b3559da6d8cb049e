"""Hostile and random values in every form and every parameter, as everybody: nothing fails.

FUZZ_REQUESTS says how many (1,500; `make fuzz` sends 20,000) and FUZZ_SEED with which seed.
"""

import logging
import os
from collections.abc import Iterator

import pytest

from forces import audit
from tests.security.addresses import every_address
from tests.security.fuzz import Tally, fuzz
from tests.security.stage import Stage
from tests.security.targets import names_in_the_source, targets_of
from tests.security.untouched import others_than, who_may_what

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "1500"))
SEED = int(os.environ.get("FUZZ_SEED", "6"))
SHARES = {  # of a hundred requests; those who may least go first
    "signed out": 8,
    "left": 3,
    "observer": 7,
    "body observer": 7,
    "chief": 8,
    "officer": 27,
    "analyst": 22,
    "administrator": 18,
}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Each refusal would be a line of the log."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def test_nothing_that_can_be_sent_fails_or_gets_further_than_it_may(stage: Stage, capsys):
    names = names_in_the_source()
    aims = {who: targets_of(stage, who, names) for who in SHARES}
    kent = stage.people["officer"].body
    before, tally = others_than(kent), Tally()
    everybody = who_may_what()
    for number, (who, share) in enumerate(SHARES.items()):
        if who == "analyst":  # whose work it is to change what is every body's
            assert others_than(kent) == before
        fuzz(
            stage,
            who,
            aims[who],
            tally,
            requests=max(1, REQUESTS * share // 100),
            start=SEED + number,
        )
    with capsys.disabled():
        _tell(tally)
    assert not tally.faults, "\n".join(tally.faults[:40])
    assert who_may_what() == everybody
    assert audit.first_broken_link() is None
    if REQUESTS >= 20_000:
        assert _missed(tally) == []


def _missed(tally: Tally) -> list[str]:
    bare = {route.replace("^", "") for route in tally.reached}
    return sorted({a.route for a in every_address() if a.route.replace("^", "") not in bare})


def _tell(tally: Tally) -> None:
    """The table that `make fuzz` is for."""
    classes = sorted({status for _, status in tally.answers})
    print(f"\nFuzzer: {tally.requests:,} requests, seed {SEED}.")
    print(f"{'':9}" + "".join(f"{status:>8}" for status in classes))
    for method in sorted({method for method, _ in tally.answers}):
        print(f"{method:9}" + "".join(f"{tally.answers[method, each]:8}" for each in classes))
    print("  ".join(f"{who} {count:,}" for who, count in tally.by_person.items()))
    routes = {address.route for address in every_address()}
    missed = _missed(tally)
    print(f"Addresses reached: {len(routes) - len(missed)} of {len(routes)}.", *missed[:9])
    print(f"Failures: {len(tally.faults)}.")
