"""Finds the organisation that a name in a spreadsheet means, or suggests the most similar ones."""

import re
from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches

from forces.models import Body
from forces.names import former_names
from recommendations.register.organisation_names import OTHER_NAMES, name_key, without_suffix

_MAX_SUGGESTED_NAMES = 100  # unknown names of one file for which similar ones are looked up
_PARTS = re.compile(r"[()/|]| [-\u2013\u2014] ")
_SIMILARITY = 0.8  # of 1
_MAX_NAME_LENGTH = 120  # characters of a name that may be compared


class OrganisationNames:
    """The names of some organisations, with former ones. Two queries; looking up needs none.

    A former name that another organisation has now means that other one.
    """

    def __init__(self, bodies: Iterable[Body]) -> None:
        self._ids: defaultdict[str, set[int]] = defaultdict(set)
        self._bodies: dict[int, Body] = {}
        self._suggestions: dict[str, list[str]] = {}
        for body in bodies:
            self._bodies[body.pk] = body
            names = (body.slug, body.short_name, body.name, *OTHER_NAMES.get(body.slug, ()))
            for name in names:
                self._ids[name_key(name)].add(body.pk)
                if body.is_force:
                    self._ids[without_suffix(name_key(name))].add(body.pk)
        present = set(self._ids)
        for key, former in former_names(self._bodies.values()).items():
            for name in former:
                if name_key(name) not in present:
                    self._ids[name_key(name)].add(key)

    def find(self, text: str) -> Body | None:
        """Return the organisation with this name, or None if there is none or more than one."""
        ids = self._matches(text)
        return self._bodies[next(iter(ids))] if len(ids) == 1 else None

    def error(self, text: str) -> str:
        """Return why there is no organisation for this name, with the most similar names."""
        shown = " ".join(text.split())[:60]
        names = [self._bodies[pk].short_name for pk in self._matches(text)]
        if names:
            return f"“{shown}” can be {' or '.join(sorted(names))}. Enter the full name"
        sentence = f"“{shown}” is not a recognised organisation"
        similar = self._similar(text)
        return f"{sentence}. Did you mean {' or '.join(similar)}?" if similar else sentence

    def _matches(self, text: str) -> set[int]:
        """Return the organisations with this name, or with all of several names in it.

        Several are as in `Greater Manchester Police (GMP)`, or in two languages.
        """
        ids = self._of_name(text)
        parts = [part for part in _PARTS.split(text[:_MAX_NAME_LENGTH]) if part.strip()]
        if ids or len(parts) < 2:
            return ids
        return set.intersection(*map(self._of_name, parts))

    def _of_name(self, text: str) -> set[int]:
        """Return the organisations with this name; without a suffix of it, only forces."""
        key = name_key(text[:_MAX_NAME_LENGTH])
        if key in self._ids or not key:
            return self._ids.get(key, set())
        shorter = self._ids.get(without_suffix(key), set())
        return {pk for pk in shorter if self._bodies[pk].is_force}

    def _similar(self, text: str) -> list[str]:
        key = without_suffix(name_key(text[:_MAX_NAME_LENGTH]))
        if key not in self._suggestions:
            if len(self._suggestions) >= _MAX_SUGGESTED_NAMES or len(key) < 3:
                return []
            close = get_close_matches(key, list(self._ids), n=4, cutoff=_SIMILARITY)
            ids = dict.fromkeys(pk for name in close for pk in sorted(self._ids[name]))
            names = [self._bodies[pk].short_name for pk in ids]
            self._suggestions[key] = names[:2]
        return self._suggestions[key]
