"""Loops of organisations that wait for each other."""

from collections import deque
from collections.abc import Iterable, Mapping

MAX_LOOPS = 12


def loops(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Return the shortest loop through each organisation that is in one, the shortest first.

    A pair is (who waits, for whom). A loop starts at its smallest key and is listed once. The time
    is that of a breadth-first search from each organisation.
    """
    edges: dict[int, set[int]] = {}
    for waiting, awaited in pairs:
        edges.setdefault(waiting, set()).add(awaited)
    found = {_normal(loop) for start in edges if (loop := _shortest(edges, start))}
    return sorted(found, key=lambda loop: (len(loop), loop))[:MAX_LOOPS]


def _shortest(edges: Mapping[int, set[int]], start: int) -> tuple[int, ...]:
    """Return the shortest way from a node back to itself, without the end; or ()."""
    before: dict[int, int] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for after in sorted(edges.get(node, ())):
            if after == start:
                way = [node]
                while way[-1] != start:
                    way.append(before[way[-1]])
                return tuple(reversed(way))
            if after not in before:
                before[after] = node
                queue.append(after)
    return ()


def _normal(loop: tuple[int, ...]) -> tuple[int, ...]:
    first = loop.index(min(loop))
    return (*loop[first:], *loop[:first])
