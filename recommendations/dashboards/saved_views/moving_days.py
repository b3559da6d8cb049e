"""Days in the addresses of saved views that move on: "last Monday" instead of a fixed day."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from recommendations import wording
from recommendations.dashboards.parameters import parse_day
from recommendations.dashboards.saved_views.addresses import MAX_PARAMETERS, address_words
from recommendations.models import SavedView

# The parameters of addresses that are a London day, and what they mean on the form.
PARAMETERS = {
    "as_at": "Position at the end of which day?",
    "compare": "Compared with the end of which day?",
    "since": "Changes since which day?",
    "until": "Changes until which day?",
}


def _last_monday(today: date) -> date:
    """The latest Monday before today."""
    return today - timedelta(days=today.weekday() or 7)


def _month_ago(today: date) -> date:
    """The same day of the month before, or its last day if it is shorter."""
    end = today.replace(day=1) - timedelta(days=1)
    return end.replace(day=min(today.day, monthrange(end.year, end.month)[1]))


_RULES: dict[str, tuple[str, Callable[[date], date]]] = {
    "today": ("Today", lambda today: today),
    "last_monday": ("Last Monday", _last_monday),
    "week_ago": ("7 days ago", lambda today: today - timedelta(days=7)),
    "month_start": ("Start of this month", lambda today: today.replace(day=1)),
    "month_ago": ("A month ago", _month_ago),
}
LABELS = {name: label for name, (label, _) in _RULES.items()}


def days_in(address: str) -> dict[str, date]:
    """Return the London days in the parameters of an address."""
    values = dict(_pairs(address))
    days = {name: parse_day(values.get(name, "")[:10], []) for name in PARAMETERS}
    return {name: on for name, on in days.items() if on is not None}


def resolved_address(address: str, moving_days: Mapping[str, str], *, today: date) -> str:
    """Return the address with the days that its moving days mean today."""
    days = {
        name: _RULES[rule][1](today).isoformat()
        for name, rule in moving_days.items()
        if name in PARAMETERS and rule in _RULES
    }
    if not days:
        return address
    pairs = [(name, days.get(name, value)) for name, value in _pairs(address)]
    return f"{urlsplit(address).path}?{urlencode(pairs)}"


def address_words_of(view: SavedView) -> str:
    """Return what a saved view shows in words, with `last Monday` in place of a fixed day."""
    words = {name: _words(rule) for name, rule in view.moving_days.items() if rule in LABELS}
    return address_words(view.address, instead=words)


def choices_for(on: date) -> list[tuple[str, str]]:
    """Return the choices of a day: the fixed one, and those that move on."""
    return [("", f"Always {wording.day(on)}"), *LABELS.items()]


def _words(rule: str) -> str:
    label = LABELS[rule]
    return f"{label[0].lower()}{label[1:]}"


def _pairs(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query, max_num_fields=MAX_PARAMETERS)
