"""Test rounds: the draw of a sample of accepted claims, and the interval of the share that held.

The draw is reproducible: claims are put in the order of SHA-256 of `seed|id of the claim`, and the
first ones are tested. The seed is a public value that was fixed before the draw.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from math import sqrt

Z_95 = 1.959964  # of the 95% interval


def draw(claim_ids: Iterable[int], *, seed: str, size: int) -> list[int]:
    """Return the ids of the claims to test, in the order of the draw; all if there are fewer."""
    return sorted(set(claim_ids), key=lambda claim_id: (_hash(seed, claim_id), claim_id))[:size]


def _hash(seed: str, claim_id: int) -> str:
    return sha256(f"{seed}|{claim_id}".encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class HeldShare:
    """How many of the tested claims held, with Wilson's 95% interval of the share."""

    held: int
    tested: int

    @property
    def interval(self) -> tuple[float, float]:
        """Return the ends as shares of 1. Without a test, nothing is known: 0 and 1."""
        if not self.tested:
            return 0.0, 1.0
        n, share, z2 = self.tested, self.held / self.tested, Z_95**2
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z_95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return max(middle - half, 0.0), min(middle + half, 1.0)

    @property
    def words(self) -> str:
        """Return `of 40 tested, 34 held (between 71% and 93%)`."""
        if not self.tested:
            return "none has been tested"
        return f"of {self.tested:,} tested, {self.held:,} held ({self.interval_words})"

    @property
    def interval_words(self) -> str:
        """Return `between 71% and 93%`."""
        low, high = self.interval
        return f"between {low:.0%} and {high:.0%}"
