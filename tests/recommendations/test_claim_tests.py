from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.claim_tests import HeldShare, draw


def test_the_draw_follows_the_published_algorithm():
    ids = list(range(1, 200))
    expected = sorted(ids, key=lambda number: sha256(f"lottery 17|{number}".encode()).hexdigest())
    assert draw(reversed(ids), seed="lottery 17", size=40) == expected[:40]
    assert draw(ids, seed="lottery 18", size=40) != expected[:40]
    assert sorted(draw(ids[:5], seed="lottery 17", size=40)) == ids[:5]


@pytest.mark.parametrize(
    ("held", "tested", "low", "high"),
    [(34, 40, 0.709, 0.929), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (81, 263, 0.255, 0.366)],
)
def test_the_interval_is_wilsons(held, tested, low, high):
    """The last is from Newcombe (1998), table I, without continuity correction."""
    assert HeldShare(held=held, tested=tested).interval == pytest.approx((low, high), abs=0.0006)


def test_the_words():
    words = "of 40 tested, 34 held (between 71% and 93%)"
    assert HeldShare(held=34, tested=40).words == words
    assert HeldShare(held=0, tested=0).words == "none has been tested"


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_contains_the_share(held, failed):
    share = HeldShare(held=held, tested=held + failed)
    low, high = share.interval
    if share.tested:
        assert 0 <= low <= held / share.tested + 1e-9
        assert held / share.tested - 1e-9 <= high <= 1
