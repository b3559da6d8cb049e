"""The digest for one body's people: what they have to do, what comes next and what is new."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.urls import reverse
from django.utils.text import Truncator

from forces.models import Body
from recommendations import rules, wording
from recommendations.actions.confirm_no_change import no_change_error
from recommendations.dashboards.body_requests.rows import counts_of, next_of, request_url
from recommendations.dashboards.labels import FULL_KEY, describe_days, state_of
from recommendations.dashboards.register import reasons
from recommendations.dashboards.register.urgency import Urgency, sort_key, urgency
from recommendations.emails.digests.source import DigestSource
from recommendations.emails.events import row_of
from recommendations.emails.parts import (
    Email,
    EmailLink,
    EmailRow,
    EmailSection,
    StatusCell,
    without_placeholders,
)
from recommendations.models.question import Side
from recommendations.positions.positions import Position
from recommendations.rules import Status

MAX_IN_FULL = 5  # recommendations
MAX_ASK_LENGTH = 200  # characters


@dataclass(frozen=True, kw_only=True)
class BodyDigest:
    """Builds the digest; its readers may send the updates, or approve them, or only read them."""

    source: DigestSource
    body: Body
    since: datetime
    may_update: bool
    may_approve: bool = False
    compares: bool = True  # with other forces

    def email(self) -> Email:
        heading = self._heading()
        to_do, others = self._open_positions()
        full, rest = to_do[:MAX_IN_FULL], to_do[MAX_IN_FULL:]
        button = "See what you need to do" if self.may_update else f"View {self.body.short_name}"
        return Email(
            subject=f"{self.body.short_name}: {heading[0].lower()}{heading[1:]}",
            caption=self.source.caption(self.body.name),
            heading=heading,
            cells=tuple(_cell(position) for position in self._positions),
            legend=self._legend(),
            above=(
                EmailSection(
                    heading="Act now",
                    note=f"{len(full)} of {len(to_do)}" if rest else "",
                    rows=tuple(self._row_in_full(position) for position in full),
                ),
                EmailSection(heading="Waiting for approval", rows=tuple(self._approvals())),
                EmailSection(heading="Steps that have passed", rows=tuple(self._steps())),
                EmailSection(heading="Questions to you", rows=tuple(self._questions())),
                self._requests(),
            ),
            button=EmailLink(button, reverse("force", args=[self.body.slug])),
            below=(
                self._compact(f"And {len(rest)} more", rest),
                self._compact("Next", others),
                EmailSection(
                    heading=f"New since {self.source.day(self.since)}", rows=tuple(self._news())
                ),
                self._claims(),
                EmailSection(
                    heading="Away", sentence=" ".join(self.source.away_from(self.body.pk))
                ),
                EmailSection(
                    heading="How sure the texts are",
                    note="what has changed",
                    rows=self.source.text_rows(
                        {position.reference for position in self._positions}, since=self.since
                    ),
                ),
                EmailSection(heading="How you compare", sentence=self._comparison()),
            ),
            reason=self.source.reason(self.since),
            unsubscribe="stop the weekly email",
            is_synthetic=self.source.inspection.is_synthetic,
        )

    @property
    def _positions(self) -> list[Position]:
        return self.source.by_body[self.body.pk]

    def _heading(self) -> str:
        """Return `3 overdue, 1 due this week, 1 returned`."""
        days = 7 - self.source.on.isoweekday()
        overdue = sum(p.is_overdue for p in self._positions)
        due = sum(rules.is_due_within(p, on=p.on, days=days) for p in self._positions)
        returned = sum(p.is_returned for p in self._positions)
        facts = [f"{overdue} overdue" if overdue else "Nothing overdue"]
        facts += [f"{due} due this week"] if due else []
        return ", ".join([*facts, *([f"{returned} returned"] if returned else [])])

    def _legend(self) -> str:
        """Return `3 of 10 implemented. IP in progress, NS not started, ! overdue`."""
        statuses = [position.status for position in self._positions]
        shown = {state_of(position).letters for position in self._positions}
        states = [state for state in FULL_KEY if state.letters in shown]
        key = [f"{state.letters} {state.word.lower()}" for state in states]
        key += ["! overdue"] if any(p.is_overdue for p in self._positions) else []
        done = statuses.count(Status.IMPLEMENTED)
        own = wording.self_assessed(sum(p.is_self_assessed for p in self._positions))
        total = len(statuses) - statuses.count(Status.WITHDRAWN)
        return f"{done} of {total} implemented{own}. {', '.join(key)}"

    def _open_positions(self) -> tuple[list[Position], list[Position]]:
        """Return those that cannot wait and the other open ones, the most urgent first."""
        ranked = sorted((p for p in self._positions if p.status in rules.OPEN), key=sort_key)
        to_do = [position for position in ranked if urgency(position) is Urgency.ACT_NOW]
        return to_do, [position for position in ranked if position not in to_do]

    def _row_in_full(self, position: Position) -> EmailRow:
        days = wording.count(position.days_overdue, "day")
        returned = self.source.returned.get(position.assignment_id)
        why = f"{reasons.why(position, returned=returned, is_own=True)}."
        due = f"Due {describe_days(position.due_on, on=position.on)}."
        was_due = rules.days_after_due(position.due_on, on=rules.london_day(self.since)) > 0
        overdue = f"{days} overdue." if was_due else f"Newly overdue, by {days}."
        return EmailRow(
            links=(self._link(position),),
            alert=overdue if position.is_overdue else "",
            note=f"{why if position.is_overdue else f'{due} {why}'}{self._ask(position)}",
            action=self._second_link(position),
        )

    def _ask(self, position: Position) -> str:
        """Return ` To do: Map and score county lines groups.`; "" for other bodies."""
        ask = self.source.asks[position.reference] if self.body.is_force else ""
        return f" To do: {Truncator(ask).chars(MAX_ASK_LENGTH)}" if ask else ""

    def _second_link(self, position: Position) -> EmailLink | None:
        """Return what an officer can do about it at once."""
        if not self.may_update or position.assignment_id in self.source.approvals:
            return None
        if no_change_error(position, on=position.on):
            return EmailLink("Send an update", self._path(position, "update"))
        return EmailLink("No change", self._path(position, "no_change"))

    def _compact(self, heading: str, positions: Iterable[Position]) -> EmailSection:
        """Return a line for each position: its flags and due date, and the forecast."""
        rows = tuple(
            EmailRow(
                links=(self._link(p, reasons.describe_flags(p)),),
                value=reasons.describe_forecast(p),
            )
            for p in positions
        )
        return EmailSection(heading=heading, value_heading="Forecast", rows=rows)

    def _claims(self) -> EmailSection:
        """Return the claims that wait for review, with the days on which they were made."""
        rows = tuple(
            EmailRow(links=(self._link(p),), value=self.source.day(p.heard_at))
            for p in self._positions
            if p.status == Status.EVIDENCE_SUBMITTED
        )
        return EmailSection(heading="Waiting for review", value_heading="Claimed", rows=rows)

    def _news(self) -> Iterator[EmailRow]:
        """Yield what was accepted, withdrawn, decided and answered since the last digest."""
        for position in self.source.newly_implemented(self._positions, since=self.since):
            yield EmailRow(links=(self._link(position),), note="Claim accepted, implemented.")
        for position in self.source.newly_withdrawn(self._positions, since=self.since):
            yield EmailRow(links=(self._link(position),), note=f"{state_of(position).word}.")
        news = [event for event in self.source.news(self.since) if event.body_id == self.body.pk]
        yield from {(event.kind, event.row.links): event.row for event in news}.values()

    def _questions(self) -> Iterator[EmailRow]:
        """Yield the analysts' open questions to the body."""
        for question in self.source.questions:
            if question.side == Side.ANALYSTS and question.assignment.body_id == self.body.pk:
                note = f"Asked on {self.source.day(question.asked_at)}."
                yield row_of(question.assignment, note, "questions")

    def _requests(self) -> EmailSection:
        """Return the requests on which it is the organisation's turn; `2 wait for you, 1 late`."""
        rows = next_of(self.source.requests, self.body)
        return EmailSection(
            heading="Requests between organisations",
            note=counts_of(rows, self.body).sentence,
            rows=tuple(
                EmailRow(
                    links=(
                        EmailLink(
                            f"{row.reference}. {self.source.titles[row.reference]}",
                            request_url(row),
                        ),
                    ),
                    note=f"{row.kind}: {row.describe(self.source.bodies)}.",
                )
                for row in rows
            ),
        )

    def _steps(self) -> Iterator[EmailRow]:
        """Yield the steps that passed without being done, for those who can change them."""
        for step in self.source.passed_steps if self.may_update else ():
            if step.assignment.body_id == self.body.pk:
                title = without_placeholders(step.title)
                note = f"{title}: was due on {wording.day(step.due_on, today=self.source.on)}."
                yield row_of(step.assignment, note, "steps")

    def _approvals(self) -> Iterator[EmailRow]:
        """Yield the updates that wait for a chief officer."""
        for position in self._positions:
            waiting = self.source.approvals.get(position.assignment_id)
            if waiting is not None:
                sentence = waiting.sentence(today=self.source.on)
                page = "Approve or return" if self.may_approve else "See or take back"
                href = waiting.href if self.may_approve else self._path(position, "update_check")
                yield EmailRow(
                    links=(self._link(position),),
                    note=f"{without_placeholders(sentence)}.",
                    action=EmailLink(page, href) if self.may_approve or self.may_update else None,
                )

    def _comparison(self) -> str:
        """Return how many the force has implemented, beside medians; "" for other bodies."""
        if not (self.body.is_force and self.body.ended_at is None and self.compares):
            return ""
        if not self._positions:
            return ""
        done = {
            body: sum(p.status == Status.IMPLEMENTED for p in self.source.by_body[body.pk])
            for body in self.source.bodies.values()
            if body.is_force and body.ended_at is None and self.source.has_positions(body.pk)
        }
        region = [done[body] for body in done if body.region_id == self.body.region_id]
        medians = f"{median(region):g} in {self.body.region} and " if self.body.region else ""
        return (
            f"{self.body.short_name} has implemented {done[self.body]}. "
            f"The median is {medians}{median(done.values()):g} in all forces."
        )

    def _link(self, position: Position, note: str = "") -> EmailLink:
        title = f"{position.reference}. {self.source.titles[position.reference]}"
        return EmailLink(title, self._path(position, "assignment"), note)

    def _path(self, position: Position, page: str) -> str:
        return reverse(page, args=[self.body.slug, position.reference])


def _cell(position: Position) -> StatusCell:
    state = state_of(position)
    letters = state.letters
    if position.is_overdue:
        return StatusCell(position.reference, f"{letters}!", "overdue")
    return StatusCell(position.reference, letters, state.status)
