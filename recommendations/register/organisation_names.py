"""The names by which organisations are known, and the form in which names are compared."""

import re
import unicodedata
from functools import lru_cache

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
    "north-wales": ("NWP", "N Wales", "Heddlu Gogledd Cymru", "Gogledd Cymru"),
    "north-yorkshire": ("NYP", "N Yorks", "North Yorks", "N Yorkshire"),
    "northamptonshire": ("Northants",),
    "nottinghamshire": ("Notts",),
    "south-wales": ("SWP", "S Wales", "Heddlu De Cymru", "De Cymru"),
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
    "college-of-policing": ("CoP",),
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
_DASHES = re.compile("[-_/\u2010-\u2015\u2212]+")
_MARKS = re.compile("[.,;:'\u2018\u2019`\"\u201c\u201d()]")
# At the end of a force's name, in any combination: Kent, Kent Police, Kent Police Service.
_SUFFIX = re.compile(r"(?: (?:police|constabulary|service|force))+$")
_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Mn"}  # Mn: accents


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return a name in the form in which names are compared: `devon and cornwall police`."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    spaced = "".join(" " if char.isspace() else char for char in letters)
    plain = "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE_CATEGORIES)
    words = _MARKS.sub("", _DASHES.sub(" ", plain.replace("&", " and ").replace("+", " and ")))
    listed = words.split()
    return " ".join(listed[1:] if listed[:1] == ["the"] and len(listed) > 1 else listed)


def without_suffix(key: str) -> str:
    """Return the key of a force's name without police, constabulary, service or force."""
    return _SUFFIX.sub("", key)
