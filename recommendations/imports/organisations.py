"""Finds the organisation that a name in a spreadsheet means, or suggests the most similar ones."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches

from forces.models import Body
from forces.names import former_names
from recommendations.imports.sheets.grid import fold

# Other names that people use, by slug: abbreviations, Welsh names, and names before a change.
# A name of two organisations, such as WMP, is refused with both of them.
OTHER_NAMES: dict[str, tuple[str, ...]] = {
    "avon-and-somerset": ("A&S", "ASC", "Avon Somerset"),
    "bedfordshire": ("Beds",),
    "cambridgeshire": ("Cambs",),
    "city-of-london": ("CoLP", "City Police"),
    "derbyshire": ("Derbys",),
    "devon-and-cornwall": ("D&C", "DCP", "Devon Cornwall"),
    "dyfed-powys": ("Heddlu Dyfed-Powys",),
    "gloucestershire": ("Glos",),
    "greater-manchester": ("GMP", "Gtr Manchester", "G Manchester"),
    "gwent": ("Heddlu Gwent",),
    "hampshire": (
        *("Hants", "HIOW", "HIOWC", "Hampshire and IOW", "Hants and IOW"),
        *("Hampshire and Isle of Wight", "Hampshire & the Isle of Wight"),
    ),
    "hertfordshire": ("Herts",),
    "lancashire": ("Lancs",),
    "leicestershire": ("Leics",),
    "lincolnshire": ("Lincs",),
    "metropolitan": ("Met", "MPS", "Met Police", "Metropolitan Police", "New Scotland Yard"),
    "north-wales": ("NWP", "N Wales", "Heddlu Gogledd Cymru"),
    "north-yorkshire": ("NYP", "N Yorks", "North Yorks", "N Yorkshire"),
    "northamptonshire": ("Northants",),
    "nottinghamshire": ("Notts",),
    "south-wales": ("SWP", "S Wales", "Heddlu De Cymru"),
    "south-yorkshire": ("SYP", "S Yorks", "South Yorks", "S Yorkshire"),
    "staffordshire": ("Staffs",),
    "thames-valley": ("TVP",),
    "warwickshire": ("Warks",),
    "west-mercia": ("WMP", "W Mercia"),
    "west-midlands": ("WMP", "West Mids", "W Mids", "W Midlands"),
    "west-yorkshire": (
        "WYP",
        "W Yorks",
        "West Yorks",
        "W Yorkshire",
        "West Yorkshire Metropolitan",
    ),
    "wiltshire": ("Wilts",),
    "apcc": ("Association of PCCs",),
    "british-transport-police": ("BTP",),
    "cps": ("CPS",),
    "home-office": ("HO",),
    "ministry-of-justice": ("MoJ",),
    "national-crime-agency": ("NCA", "SOCA", "Serious Organised Crime Agency"),
    "nclcc": (
        *("NCLCC", "County Lines Co-ordination Centre"),
        *("National County Lines Coordination Centre", "County Lines Coordination Centre"),
    ),
    "npcc": ("NPCC", "ACPO", "Association of Chief Police Officers"),
}
_MAX_SUGGESTED_NAMES = 100  # unknown names of one file for which similar ones are looked up
_SIMILARITY = 0.8  # of 1
_MAX_NAME_LENGTH = 120  # characters of a name that may be compared
_DASHES = re.compile("[-_/\u2010-\u2015\u2212]+")
_MARKS = re.compile("[.,;:'\u2018\u2019`\"\u201c\u201d()]")
# At the end of a force's name, in any combination: Kent, Kent Police, Kent Police Service.
_SUFFIX = re.compile(r"(?: (?:police|constabulary|service|force))+$")


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
                self._ids[_key(name)].add(body.pk)
                if body.is_force:
                    self._ids[_without_suffix(_key(name))].add(body.pk)
        present = set(self._ids)
        for key, former in former_names(self._bodies.values()).items():
            for name in former:
                if _key(name) not in present:
                    self._ids[_key(name)].add(key)

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
        """Return the organisations with this name; without a suffix of it, only forces."""
        key = _key(text[:_MAX_NAME_LENGTH])
        if key in self._ids or not key:
            return self._ids.get(key, set())
        shorter = self._ids.get(_without_suffix(key), set())
        return {pk for pk in shorter if self._bodies[pk].is_force}

    def _similar(self, text: str) -> list[str]:
        key = _without_suffix(_key(text[:_MAX_NAME_LENGTH]))
        if key not in self._suggestions:
            if len(self._suggestions) >= _MAX_SUGGESTED_NAMES or len(key) < 3:
                return []
            close = get_close_matches(key, list(self._ids), n=4, cutoff=_SIMILARITY)
            ids = dict.fromkeys(pk for name in close for pk in sorted(self._ids[name]))
            names = [self._bodies[pk].short_name for pk in ids]
            self._suggestions[key] = names[:2]
        return self._suggestions[key]


def _key(name: str) -> str:
    """Return a name in the form in which names are compared: `devon and cornwall police`."""
    letters = unicodedata.normalize("NFKD", fold(name))
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    spaced = _DASHES.sub(" ", plain.replace("&", " and ").replace("+", " and "))
    words = _MARKS.sub("", spaced).split()
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _without_suffix(key: str) -> str:
    return _SUFFIX.sub("", key)
