"""The year of an assignment as tracks on one time axis, drawn on the server.

x is in per cent of the width, and y in pixels. The axis begins with the month of the assignment,
at most a year ago, and ends with the month of today or of the due date.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from recommendations import rules, wording
from recommendations.dashboards import labels
from recommendations.dashboards.assignment.statuses import StatusChange
from recommendations.dashboards.assignment.timeline import Timeline
from recommendations.models import Assignment, FlagEpisode
from recommendations.rules import Flag

MONTHS_BACK = 11
MAX_MONTHS = 15
TOP_PX, TRACK_PX, BAR_PX = 24, 18, 10
LABEL_GAP = 14  # per cent, in which two labels would overlap


@dataclass(frozen=True)
class Bar:
    kind: str
    x: str
    width: str
    y: int
    height: int
    text: str = ""  # the letters of a status
    text_y: int = 0
    is_short: bool = False  # without room for the letters in a narrow drawing

    @property
    def is_hatched(self) -> bool:
        return self.kind == "self-assessed"


@dataclass(frozen=True)
class TimelineDot:
    """An update, which links to its entry."""

    x: str
    y: int
    kind: str
    href: str
    label: str


@dataclass(frozen=True)
class YearLine:
    x: str
    text: str
    kind: str


@dataclass(frozen=True)
class Track:
    name: str
    text: str  # for screen readers


@dataclass(frozen=True, kw_only=True)
class Year:
    tracks: list[Track]
    months: list[YearLine]
    bars: list[Bar]
    dots: list[TimelineDot]
    returns: list[str]
    dots_y: int
    lines: list[YearLine]
    today: str
    today_text: str  # empty if there is no room for it
    height: int
    axis_y: int


@dataclass(frozen=True)
class _Axis:
    first: date
    last: date
    until: date

    def x(self, on: date) -> float:
        share = (on - self.first).days / (self.last - self.first).days
        return 100 * min(max(share, 0), 1)

    def shows(self, on: date) -> bool:
        return self.first <= on <= self.last

    def months(self) -> Iterator[date]:
        on = self.first
        while on < self.last:
            yield on
            on = _month(on, 1)


def year_of(
    assignment: Assignment,
    timeline: Timeline,
    *,
    due_on: date,
    today_text: str = "today",
    history_url: str = "",
    latest_url: str = "",
) -> Year:
    """Return the drawing; no query.

    `history_url` is of the page that holds every entry, and `latest_url` of the one that holds the
    latest update; empty if that is the page of the drawing.
    """
    axis = _axis(rules.london_day(assignment.assigned_at), timeline.until, due_on)
    tracks = [Track("Status", _status_text(timeline.statuses, timeline.until))]
    bars = list(_status_bars(axis, timeline.statuses))
    for flag in Flag:
        episodes = [e for e in timeline.episodes if e.flag == flag and _is_shown(axis, e)]
        if episodes:
            y = TOP_PX + TRACK_PX * len(tracks) + (TRACK_PX - BAR_PX) // 2
            bars += (_episode_bar(axis, episode, y) for episode in episodes)
            tracks.append(Track(flag.label, _episode_text(episodes, timeline.until)))
    dots_y = TOP_PX + TRACK_PX * len(tracks) + TRACK_PX // 2
    tracks.append(Track("Updates", ""))
    axis_y = TOP_PX + TRACK_PX * len(tracks)
    return Year(
        tracks=tracks,
        months=[YearLine(f"{axis.x(on):.2f}", f"{on:%b}", "month") for on in axis.months()],
        bars=bars,
        dots=list(_dots(axis, timeline, dots_y, history_url, latest_url)),
        returns=_returns(axis, timeline.returned_at),
        dots_y=dots_y,
        lines=_due_lines(axis, assignment.original_due_on, due_on),
        today=f"{axis.x(timeline.until):.2f}",
        today_text=today_text if _has_room(axis, due_on) else "",
        height=axis_y + TRACK_PX,
        axis_y=axis_y,
    )


def _axis(assigned_on: date, until: date, due_on: date) -> _Axis:
    first = max(_month(assigned_on, 0), _month(until, -MONTHS_BACK))
    last = min(_month(max(until, due_on), 1), _month(first, MAX_MONTHS))
    return _Axis(first, max(last, _month(until, 1)), until)


def _month(on: date, add: int) -> date:
    """Return the first day of the month `add` months later."""
    months = on.year * 12 + on.month - 1 + add
    return date(months // 12, months % 12 + 1, 1)


def _status_bars(axis: _Axis, changes: list[StatusChange]) -> Iterator[Bar]:
    days = [*(rules.london_day(change.at) for change in changes), axis.until]
    for change, (start, end) in zip(changes, pairwise(days), strict=True):
        x, right = axis.x(start), axis.x(end)
        if right <= x:
            continue
        state = labels.state_of(change)
        text = state.letters if right - x >= 2.2 else ""
        kind = state.status.replace("_", "-")
        yield Bar(
            kind,
            f"{x:.2f}",
            f"{right - x:.2f}",
            TOP_PX + 2,
            14,
            text,
            text_y=TOP_PX + 13,
            is_short=right - x < 10,
        )


def _status_text(changes: list[StatusChange], until: date) -> str:
    return "; ".join(
        f"{labels.state_of(change).word.lower()} from "
        f"{wording.day(rules.london_day(change.at), today=until)}"
        for change in changes
    )


def _is_shown(axis: _Axis, episode: FlagEpisode) -> bool:
    return (episode.cleared_on or axis.until) >= axis.first


def _episode_bar(axis: _Axis, episode: FlagEpisode, y: int) -> Bar:
    x = axis.x(episode.raised_on)
    right = axis.x(min(episode.cleared_on or axis.until, axis.until))
    kind = episode.flag.replace("_", "-")
    return Bar(kind, f"{x:.2f}", f"{max(right - x, 0.3):.2f}", y, BAR_PX)


def _episode_text(episodes: Iterable[FlagEpisode], until: date) -> str:
    def words(episode: FlagEpisode) -> str:
        first = wording.day(episode.raised_on, today=until)
        if episode.cleared_on is None or episode.cleared_on > until:
            return f"from {first}"
        last = episode.cleared_on - timedelta(days=1)
        return f"{first} to {wording.day(max(last, episode.raised_on), today=until)}"

    return ", ".join(map(words, episodes))


def _dots(
    axis: _Axis, timeline: Timeline, y: int, history_url: str, latest_url: str
) -> Iterator[TimelineDot]:
    for item in timeline.submissions:
        on = rules.london_day(item.at)
        if axis.shows(on):
            kind = "claim" if item.is_claim else "update"
            label = f"{kind.capitalize()} {item.number}, {wording.day(on, today=axis.until)}"
            url = latest_url if item is timeline.latest else history_url
            yield TimelineDot(f"{axis.x(on):.2f}", y, kind, f"{url}#update-{item.number}", label)


def _returns(axis: _Axis, returned_at: Iterable[datetime]) -> list[str]:
    days = map(rules.london_day, returned_at)
    return [f"{axis.x(on):.2f}" for on in days if axis.shows(on)]


def _has_room(axis: _Axis, due_on: date) -> bool:
    """Return whether the label of the due date leaves room for that of today, left of its line."""
    return not axis.shows(due_on) or not -6 < axis.x(due_on) - axis.x(axis.until) < 9


def _due_lines(axis: _Axis, original_due_on: date, due_on: date) -> list[YearLine]:
    """Return a line for the due date, and one for the first if it was changed."""

    def label(prefix: str, on: date) -> str:
        return f"{prefix} {wording.short_day(on, today=axis.until)}"

    lines = []
    if axis.shows(due_on):
        lines.append(YearLine(f"{axis.x(due_on):.2f}", label("due", due_on), "due"))
    if original_due_on != due_on and axis.shows(original_due_on):
        x = axis.x(original_due_on)
        is_near = abs(x - axis.x(due_on)) < LABEL_GAP
        text = "" if is_near else label("first due", original_due_on)
        lines.append(YearLine(f"{x:.2f}", text, "first-due"))
    return lines
