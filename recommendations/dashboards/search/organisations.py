"""The names by which the search finds organisations."""

from typing import NamedTuple

from forces.models import Body
from forces.names import former_names
from recommendations.register.organisation_names import OTHER_NAMES, name_key, without_suffix


class SearchedName(NamedTuple):
    """`matched` is compared with the searched text, and `shown` is the excerpt of the result."""

    body: Body
    matched: str
    shown: str


def searched_names() -> list[SearchedName]:
    """Return every name by which an organisation is found, with former ones; two queries."""
    names = []
    bodies = list(Body.objects.assignable().order_by("pk"))
    former = former_names(bodies)
    for body in bodies:
        own = f"{body.name} {body.short_name} {body.description}".strip()
        names.append(SearchedName(body, own, body.name))
        names += [
            SearchedName(body, name, f"{body.name}, also known as {name}")
            for name in OTHER_NAMES.get(body.slug, ())
        ]
        names += [
            SearchedName(body, name, f"{body.name}, formerly {name}")
            for name in former.get(body.pk, ())
        ]
    return names


def organisations_named(text: str, names: list[SearchedName]) -> list[Body]:
    """Return the organisations with exactly this name, which can be several: WMP, for example."""
    key = name_key(text)
    shorter = without_suffix(key)
    exact: dict[int, Body] = {}
    without: dict[int, Body] = {}
    for body, matched, _ in names:
        for known in map(name_key, (body.slug, body.short_name, body.name, matched)):
            if known == key:
                exact[body.pk] = body
            elif body.is_force and without_suffix(known) == shorter:
                without[body.pk] = body
    return list((exact or without).values()) if key else []
