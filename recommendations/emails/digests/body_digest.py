"""The digest for one body's people: what is overdue, returned, due soon and accepted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from forces.models import Body
from recommendations.actions.confirm_no_change import no_change_error
from recommendations.emails import sections as parts
from recommendations.emails.digests.notices import Notices
from recommendations.emails.sections import DigestData, EmailItem, EmailSection
from recommendations.positions.positions import Position
from recommendations.rules import Status

RETURNED_NOTE = "Returned. Read the reason and send a new update"


@dataclass(frozen=True, kw_only=True)
class BodyDigest(DigestData):
    """What one body has to do."""

    family = "body_digest"

    body_name: str
    due_this_week: int
    returned_count: int

    @property
    def subject(self) -> str:
        facts = [f"{self.overdue_count} overdue" if self.overdue_count else "nothing overdue"]
        facts += [f"{self.due_this_week} due this week"] if self.due_this_week else []
        facts += [f"{self.returned_count} returned"] if self.returned_count else []
        return f"{self.body_name}: {', '.join(facts)}"


@dataclass(frozen=True, kw_only=True)
class BodyDigestFacts:
    """What the digest of a body is built from. `previous` are its positions of the last digest."""

    body: Body
    positions: list[Position]
    previous: dict[int, Position]  # by assignment
    titles: dict[int, str]  # of recommendations, by number
    notices: Notices

    def digest(
        self, *, since: datetime, on: date, may_update: bool, is_synthetic: bool
    ) -> BodyDigest:
        """Links lead readers who `may_update` to a form, and others to the assignment.

        The form is the one that confirms “no change” where the last answers can be confirmed.
        """
        overdue = [p for p in self.positions if p.is_overdue]
        returned = [p for p in self.positions if p.is_returned]
        waiting = [p for p in self.positions if p.status == Status.EVIDENCE_SUBMITTED]
        soon = parts.due_within(self.positions, on=on, days=parts.DAYS_AHEAD)
        this_week = parts.due_within(self.positions, on=on, days=7 - on.isoweekday())
        form = _form if may_update else _assignment
        sections = [
            *self._overdue(overdue, form),
            EmailSection("Returned to you", self._items(returned, lambda p: RETURNED_NOTE)),
            EmailSection("Questions to you", self.notices.questions_for(self.body)),
            EmailSection(
                f"Due in the next {parts.DAYS_AHEAD} days",
                self._items(soon, parts.due_note, form),
            ),
            EmailSection("Accepted this week", self._accepted(since)),
            EmailSection(
                "Extension requests refused",
                self.notices.decisions_for(self.body, since=since, is_granted=False),
            ),
            EmailSection(
                "Your questions, answered", self.notices.answers_for(self.body, since=since)
            ),
            EmailSection("Waiting for review", self._items(waiting, parts.claim_note)),
        ]
        return BodyDigest(
            body_name=self.body.short_name,
            on=on,
            since=since,
            overdue_count=len(overdue),
            due_this_week=len(this_week),
            returned_count=len(returned),
            sections=[section for section in sections if section.items],
            path=reverse("force", args=[self.body.slug]),
            is_synthetic=is_synthetic,
        )

    def _overdue(
        self, overdue: list[Position], form: Callable[[Position], str]
    ) -> list[EmailSection]:
        new = [p for p in overdue if not self._held_before(p, lambda before: before.is_overdue)]
        bands = [("Newly overdue", parts.oldest_first(new))] + [
            (f"Still overdue, {label}", positions)
            for label, positions in parts.overdue_by_band(p for p in overdue if p not in new)
        ]
        return [
            EmailSection(heading, self._items(positions, parts.overdue_note, form))
            for heading, positions in bands
        ]

    def _accepted(self, since: datetime) -> list[EmailItem]:
        def is_done(position: Position) -> bool:
            return position.status == Status.IMPLEMENTED

        done = [p for p in self.positions if is_done(p) and not self._held_before(p, is_done)]
        return [
            *self._items(done, lambda p: "claim accepted, implemented"),
            *self.notices.decisions_for(self.body, since=since, is_granted=True),
        ]

    def _held_before(self, position: Position, condition: Callable[[Position], bool]) -> bool:
        """Whether the condition was true of the same assignment in the last digest."""
        before = self.previous.get(position.assignment_id)
        return before is not None and condition(before)

    def _items(
        self,
        positions: Iterable[Position],
        note: Callable[[Position], str],
        page: Callable[[Position], str] | None = None,
    ) -> list[EmailItem]:
        return [
            EmailItem(
                title=f"{p.number}. {self.titles[p.number]}",
                note=note(p),
                path=reverse((page or _assignment)(p), args=[self.body.slug, p.number]),
            )
            for p in positions
        ]


def _assignment(position: Position) -> str:
    return "assignment"


def _form(position: Position) -> str:
    """Return the name of the page on which an officer confirms “no change” or starts an update."""
    return "update" if no_change_error(position, on=position.on) else "no_change"
