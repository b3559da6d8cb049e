"""The digest for readers who see every body."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from recommendations import lateness, rules, wording
from recommendations.dashboards.labels import describe_ending
from recommendations.emails.digests.source import DigestSource
from recommendations.emails.parts import (
    Email,
    EmailFigure,
    EmailLink,
    EmailRow,
    EmailSection,
    without_placeholders,
)
from recommendations.models import DueDateRequest, Question
from recommendations.models.question import Side
from recommendations.positions.contact import Contact, quiet_bodies
from recommendations.positions.outlook import outlook
from recommendations.positions.positions import Position
from recommendations.positions.weekly_figures import at_risk_figure, weekly_figures
from recommendations.references import reference_key
from recommendations.rules import Status

MAX_NAMES = 15  # of forces or recommendations in one section


@dataclass(frozen=True, kw_only=True)
class NationalDigest:
    """Builds the digest.

    Links lead to assignments and lists of claims where its readers see documents, and to pages of
    figures where they do not. Administrators get the people who are away without a stand-in, and
    the head of the audit trail, so that it can be checked against something outside the database
    (forces/audit_head.py).
    """

    source: DigestSource
    since: datetime
    sees_documents: bool
    is_for_administrator: bool = False

    def email(self) -> Email:
        on, forces = self.source.on, self._of_forces(self.source.today)
        left = outlook(forces)
        figures = self._figures(forces)
        done, overdue = figures[0].figure, figures[1].figure
        change = f" ({overdue.change_text})" if overdue.change else ""
        return Email(
            subject=f"{overdue.count} overdue{change}, {done.count} of {left.total} implemented",
            caption=self.source.caption("All forces"),
            heading=f"{done.count} of {left.total} implemented, {overdue.count} overdue",
            sentence=left.text,
            figures=figures,
            figures_since=wording.day(rules.week_before(on), today=on),
            trend=self.source.trend,
            above=(
                EmailSection(heading="Waits for the Home Office", rows=tuple(self._waiting())),
                EmailSection(heading="Most overdue", rows=tuple(self._most_overdue(forces))),
                EmailSection(
                    heading="No recent updates",
                    note="days since last update",
                    rows=_row_of([self._contact_link(c) for c in quiet_bodies(self.source.today)]),
                ),
                EmailSection(
                    heading=f"Accepted since {self.source.day(self.since)}",
                    rows=_row_of(self._accepted()),
                ),
                EmailSection(
                    heading=f"Withdrawn since {self.source.day(self.since)}",
                    rows=_row_of(self._withdrawn()),
                ),
            ),
            button=EmailLink("View the national overview", reverse("overview")),
            below=(
                EmailSection(
                    heading="Away, and nobody stands in",
                    rows=tuple(self._away()) if self.is_for_administrator else (),
                ),
                EmailSection(
                    heading="How sure the texts are",
                    note="what has changed",
                    rows=self.source.text_rows(self.source.titles, since=self.since),
                ),
                EmailSection(heading="Keep this email", sentence=self._audit_head()),
            ),
            reason=self.source.reason(self.since),
            unsubscribe="stop the weekly email",
            is_synthetic=self.source.inspection.is_synthetic,
        )

    def _away(self) -> Iterator[EmailRow]:
        """Yield the people for whom nobody, or not everywhere somebody, stands in."""
        for away in self.source.absences:
            if away.stand_in_id is None or away.uncovered:
                name, path = (
                    without_placeholders(away.person),
                    reverse("person", args=[away.person_id]),
                )
                note = without_placeholders(away.describe(on=self.source.on))
                yield EmailRow(links=(EmailLink(name, path),), note=note)

    def _audit_head(self) -> str:
        if not self.is_for_administrator:
            return ""
        return (
            f"{self.source.audit_head.line}. With this, the person who runs the service can check "
            "that nothing was removed from the audit trail."
        )

    def _of_forces(self, positions: Iterable[Position]) -> list[Position]:
        return [p for p in positions if self.source.bodies[p.body_id].is_force]

    def _figures(self, forces: list[Position]) -> tuple[EmailFigure, ...]:
        before = self._of_forces(self.source.week_ago)
        late = sum(lateness.has_late_review(p, on=p.on) for p in forces)
        notes: dict[Status | None, str] = {
            Status.IMPLEMENTED: f"of {sum(p.status in rules.COUNTED for p in forces)}",
            Status.EVIDENCE_SUBMITTED: f"{late} of them late",
        }
        figures = [
            *weekly_figures(forces, week_ago=before),
            at_risk_figure(forces, week_ago=before),
        ]
        return tuple(
            EmailFigure(
                figure,
                notes.get(figure.status) or f"in {wording.count(figure.bodies_count, 'force')}",
            )
            for figure in figures
        )

    def _waiting(self) -> Iterator[EmailRow]:
        """Yield the late reviews, the extension requests and the questions that wait."""
        late = [p for p in self.source.today if lateness.has_late_review(p, on=p.on)]
        if late:
            oldest = min(late, key=lambda p: p.heard_at)
            days_late = lateness.review_days_late(claimed_at=oldest.heard_at, on=oldest.on)
            days = wording.count(days_late, "working day")
            claimed_on = self.source.day(oldest.heard_at)
            path = reverse("reviews" if self.sees_documents else "heatmap")
            yield EmailRow(
                links=(EmailLink(wording.count(len(late), "late review"), path),),
                note=f"Oldest: {self._name(oldest)}, claimed on {claimed_on}, {days} late.",
            )
        if own := [p for p in self.source.today if p.is_self_assessed]:
            claims = wording.count(len(own), "self-assessed claim")
            yield EmailRow(
                links=(EmailLink(claims, reverse("heatmap")),),
                note=f"No other organisation has confirmed {', '.join(map(self._name, own))}.",
            )
        if self.sees_documents:
            requests = self.source.extension_requests
            questions = [q for q in self.source.questions if q.side == Side.BODY]
            yield from self._asked("extension request", requests, "deadlines")
            yield from self._asked("question", questions, "all_questions")
            if self.source.overdue_responses:
                yield self._overdue_responses(self.source.overdue_responses)

    def _overdue_responses(self, number: int) -> EmailRow:
        path = f"{reverse('responses')}?show=overdue"
        due_on = rules.response_due_on(self.source.inspection.published_on)
        return EmailRow(
            links=(EmailLink(wording.count(number, "overdue response"), path),),
            note=f"Of local policing bodies, due by {wording.day(due_on)}.",
        )

    def _asked(
        self, noun: str, asked: list[DueDateRequest] | list[Question], page: str
    ) -> Iterator[EmailRow]:
        """Yield a row that names the requests or questions, if there are any."""
        if asked:
            shown = [item.assignment for item in asked[:MAX_NAMES]]
            names = [f"{a.body.short_name} R{a.recommendation.reference}" for a in shown]
            names += [f"{len(asked) - len(shown)} more"] if len(asked) > len(shown) else []
            yield EmailRow(
                links=(EmailLink(wording.count(len(asked), noun), reverse(page)),),
                note=f"Since {self.source.day(asked[0].asked_at)}: {', '.join(names)}.",
            )

    def _most_overdue(self, forces: list[Position]) -> Iterator[EmailRow]:
        """Yield the forces by their number of overdue recommendations, and the other bodies."""
        counts = Counter(p.body_id for p in forces if p.is_overdue)
        ranked = sorted(counts, key=lambda pk: (-counts[pk], self._body_name(pk)))
        for count in sorted(set(counts.values()), reverse=True):
            links = [self._body_link(pk) for pk in ranked[:MAX_NAMES] if counts[pk] == count]
            left_out = sum(counts[pk] == count for pk in ranked[MAX_NAMES:])
            if left_out:
                more = wording.count(left_out, "more force" if links else "force")
                links.append(EmailLink(more, f"{reverse('heatmap')}?flag=overdue"))
            yield EmailRow(label=f"{count} each" if len(links) > 1 else f"{count}", links=links)
        others = [p for p in self.source.today if p.is_overdue and p.body_id not in counts]
        if others:
            others.sort(key=lambda p: (-p.days_overdue, p.body_id, reference_key(p.reference)))
            days = [self._link(p, wording.count(p.days_overdue, "day")) for p in others]
            yield EmailRow(label="National", links=days)

    def _contact_link(self, contact: Contact) -> EmailLink:
        days = f"{contact.days:,}"
        return self._body_link(
            contact.body_id, days if contact.last_update_on else f"{days} (no update yet)"
        )

    def _accepted(self) -> list[EmailLink]:
        done = self.source.newly_implemented(self.source.today, since=self.since)
        return [self._link(position) for position in done]

    def _withdrawn(self) -> list[EmailLink]:
        ended = self.source.newly_withdrawn(self.source.today, since=self.since)
        return [
            self._link(p, describe_ending(p.ending, p.superseded_by) if p.ending else "")
            for p in ended
        ]

    def _link(self, position: Position, note: str = "") -> EmailLink:
        slug = self.source.bodies[position.body_id].slug
        page, place = ("assignment", [slug, position.reference])
        if not self.sees_documents:
            page, place = "force", [slug]
        return EmailLink(self._name(position), reverse(page, args=place), note)

    def _body_link(self, pk: int, note: str = "") -> EmailLink:
        path = reverse("force", args=[self.source.bodies[pk].slug])
        return EmailLink(self._body_name(pk), path, note)

    def _name(self, position: Position) -> str:
        """Return `Kent R3`."""
        return f"{self._body_name(position.body_id)} R{position.reference}"

    def _body_name(self, pk: int) -> str:
        return self.source.bodies[pk].short_name


def _row_of(links: list[EmailLink]) -> tuple[EmailRow, ...]:
    """Return one row of links, shortened, or none."""
    if len(links) > MAX_NAMES:
        more = EmailLink(f"{len(links) - MAX_NAMES} more", reverse("changes"))
        links = [*links[:MAX_NAMES], more]
    return (EmailRow(links=links),) if links else ()
