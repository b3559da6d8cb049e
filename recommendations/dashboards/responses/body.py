"""What one organisation has responded to the report and to each recommendation."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from forces.models import Body
from forces.names import with_names_then
from recommendations import rules, wording
from recommendations.dashboards import labels
from recommendations.dashboards.responses.responses import REPORT, addressees, subjects
from recommendations.models import Recommendation, Response
from recommendations.positions.national import NationalPosition
from recommendations.positions.positions import Position

ABOUT_REPORT = "report"  # in addresses, instead of a reference


@dataclass(frozen=True, kw_only=True)
class ResponseEntry:
    """One response as it was entered. `who` has a name only for those who may see it."""

    answer: str
    reason: str
    responded_on: date
    link: str
    who: str


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The report or a recommendation, with the response that counts and the earlier ones."""

    reference: str  # or ABOUT_REPORT
    title: str
    text: str
    form_url: str
    latest: ResponseEntry | None
    earlier: list[ResponseEntry]
    number: int  # of the latest response, or 0
    state: str  # of the force: "returned"; empty if it does not have the recommendation


@dataclass(frozen=True, kw_only=True)
class BodyResponses:
    body: Body
    force: Body | None  # of a local policing body, with its name of the day
    sentence: str
    subjects: list[Subject]


def body_responses(national: NationalPosition, body: Body, *, shows_names: bool) -> BodyResponses:
    """Return the read model of the page; 4 queries beside those of the position."""
    past = national.past
    rows = national.inspection.responses.filter(body=body).select_related("entered_by")
    if past is not None:
        rows = rows.filter(entered_at__lt=past.before)
    by_subject: dict[int | None, list[Response]] = {}
    for response in with_names_then(rows.order_by("-number"), "entered_by", "entered_at"):
        by_subject.setdefault(response.recommendation_id, []).append(response)
    addressed = {} if body.is_local_policing_body else addressees(national.inspection)
    force = national.body[body.force_id] if body.force_id else None
    positions = national.of(force) if force else {}
    listed = [
        _subject(
            body, about, by_subject.get(about.pk if about else None, []), positions, shows_names
        )
        for about in subjects(body, national.recommendations, addressed)
    ]
    sentence = _sentence(national, body, listed)
    return BodyResponses(body=body, force=force, sentence=sentence, subjects=listed)


def _subject(
    body: Body,
    about: Recommendation | None,
    responses: list[Response],
    positions: dict[str, Position],
    shows_names: bool,
) -> Subject:
    reference = about.reference if about else ABOUT_REPORT
    position = positions.get(reference)
    entries = [_entry(response, shows_names=shows_names) for response in responses]
    return Subject(
        reference=reference,
        title=str(about) if about else REPORT,
        text=about.text if about else "",
        form_url=reverse("respond", args=[body.slug, reference]),
        latest=entries[0] if entries else None,
        earlier=entries[1:],
        number=responses[0].number if responses else 0,
        state=wording.lower_first(labels.state_of(position).word) if position else "",
    )


def _entry(response: Response, *, shows_names: bool) -> ResponseEntry:
    on = wording.day(rules.london_day(response.entered_at))
    name = f" by {response.entered_by.name}" if shows_names else ""
    behalf = " on its behalf" if response.is_on_behalf else " by the organisation"
    return ResponseEntry(
        answer=response.get_answer_display(),
        reason=response.reason,
        responded_on=response.responded_on,
        link=response.link,
        who=f"Entered{behalf} on {on}{name and f',{name}'}.",
    )


def _sentence(national: NationalPosition, body: Body, listed: list[Subject]) -> str:
    answered = sum(subject.latest is not None for subject in listed)
    if not body.is_local_policing_body:
        of = wording.count(len(listed), "recommendation")
        return f"It has responded to {answered} of the {of} that it leads or is a partner in."
    published_on, on = national.inspection.published_on, national.on
    due = wording.day(rules.response_due_on(published_on))
    latest = listed[0].latest
    responded_on = latest.responded_on if latest else None
    days = rules.response_days_late(published_on=published_on, responded_on=responded_on, on=on)
    late = f"{wording.count(days, 'day')} late" if days else ""
    if latest:
        text = f"{latest.answer} on {wording.day(latest.responded_on)}"
        return f"{text}, {late}: comments were due by {due}." if late else f"{text}, in time."
    if late:
        return f"No response to the report yet. It was due by {due}, so it is {late}."
    return f"No response to the report yet. It is due by {due}."
