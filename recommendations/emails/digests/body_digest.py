"""The digest of one body's people: what it owes, what came back, and what went right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from forces.models import Body
from recommendations.emails import sections as parts
from recommendations.emails.digests.notices import Notices
from recommendations.emails.sections import Item, Section
from recommendations.positions.positions import Position
from recommendations.rules import Status

ASSIGNMENT = "assignment"
UPDATE = "update"


@dataclass(frozen=True, kw_only=True)
class BodyDigest:
    """What one body owes. `on` is a London day, `since` an instant."""

    family = "body"

    body_name: str
    on: date
    since: datetime
    overdue_count: int
    due_this_week: int
    returned_count: int
    sections: list[Section]
    path: str
    is_synthetic: bool

    @property
    def subject(self) -> str:
        facts = [f"{self.overdue_count} overdue" if self.overdue_count else "nothing overdue"]
        facts += [f"{self.due_this_week} due this week"] if self.due_this_week else []
        facts += [f"{self.returned_count} returned"] if self.returned_count else []
        return f"{self.body_name}: {', '.join(facts)}"

    @property
    def covers(self) -> str:
        return parts.covers(since=self.since, on=self.on)


@dataclass(frozen=True, kw_only=True)
class BodyFacts:
    """What the digest of a body is made from. `before` is how it stood in the digest before."""

    body: Body
    own: list[Position]
    before: dict[int, Position]
    returned: set[int]  # updates that were claims and came back
    titles: dict[int, str]
    notices: Notices

    def digest(
        self, *, since: datetime, on: date, may_update: bool, is_synthetic: bool
    ) -> BodyDigest:
        """Links lead those who `may_update` to the form, and others to the page."""
        overdue = [p for p in self.own if p.is_overdue]
        returned = [p for p in self.own if p.latest_update_id in self.returned]
        soon = parts.due_within(self.own, on=on, days=parts.DUE_DAYS)
        week = parts.due_within(self.own, on=on, days=parts.days_left_of_week(on))
        form = UPDATE if may_update else ASSIGNMENT
        sections = [
            *self._overdue(overdue, form),
            Section("Returned to you", self._items(returned, _returned_note, ASSIGNMENT)),
            Section("Questions to you", self.notices.questions_to(self.body)),
            Section("Due in the next 14 days", self._items(soon, parts.due_note, form)),
            *self._good_news(since),
            Section("Your questions, answered", self.notices.answers_to(self.body, since=since)),
            Section("Waiting for review", self._items(self._waiting(), _waiting_note, ASSIGNMENT)),
        ]
        return BodyDigest(
            body_name=self.body.short_name,
            on=on,
            since=since,
            overdue_count=len(overdue),
            due_this_week=len(week),
            returned_count=len(returned),
            sections=parts.filled(sections),
            path=reverse("force", args=[self.body.slug]),
            is_synthetic=is_synthetic,
        )

    def _overdue(self, overdue: list[Position], form: str) -> list[Section]:
        new = [p for p in overdue if not self._was(p, lambda then: then.is_overdue)]
        old = [p for p in overdue if p not in new]
        return [
            Section(
                "Newly overdue", self._items(parts.oldest_first(new), parts.overdue_note, form)
            ),
            *(
                Section(f"Still overdue, {label}", self._items(those, parts.overdue_note, form))
                for label, those in parts.bands_of(old)
            ),
        ]

    def _good_news(self, since: datetime) -> list[Section]:
        done = [
            p
            for p in self.own
            if p.status == Status.IMPLEMENTED
            and not self._was(p, lambda then: then.status == Status.IMPLEMENTED)
        ]
        went_right = self._items(done, lambda p: "claim accepted, implemented", ASSIGNMENT)
        went_right += self.notices.granted_to(self.body, since=since)
        return [
            Section("What went right", went_right),
            Section(
                "Requests for more time, not granted",
                self.notices.refused_to(self.body, since=since),
            ),
        ]

    def _waiting(self) -> list[Position]:
        return [p for p in self.own if p.status == Status.EVIDENCE_SUBMITTED]

    def _was(self, position: Position, true: Callable[[Position], bool]) -> bool:
        then = self.before.get(position.assignment_id)
        return then is not None and true(then)

    def _items(
        self, chosen: Iterable[Position], note: Callable[[Position], str], page: str
    ) -> list[Item]:
        return [
            Item(
                title=f"{p.number}. {self.titles[p.number]}",
                note=note(p),
                path=reverse(page, args=[self.body.slug, p.number]),
            )
            for p in chosen
        ]


def _returned_note(position: Position) -> str:
    return "claim returned: read why, and send another update"


def _waiting_note(position: Position) -> str:
    return f"claim sent on {parts.day_of(position.heard_at)}, waiting for review"
