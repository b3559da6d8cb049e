"""The fields of the API's responses. Days are London days; instants have their offset."""

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from ninja import Field, Schema

from recommendations.models import Certainty, Indicator, OutcomeFigure, Response, Update
from recommendations.models.answers import BlockerCause, ReportedStatus
from recommendations.models.review import Review
from recommendations.rules import Confidence, EndingKind, Flag, Status
from recommendations.update_rules import Contradiction

_Item = TypeVar("_Item")

VISIBILITY = "Null if you do not have permission to see the organisation's updates"


class Problem(Schema):
    """An error, in sentences."""

    detail: str


class InspectionItem(Schema):
    """The inspection that the data is about."""

    slug: str
    title: str
    publisher: str
    published_on: date


class Envelope(Schema):
    """The fields of every response."""

    inspection: InspectionItem
    position_on: date = Field(description="The London day whose position this is")
    position_at: datetime = Field(description="The instant up to which changes are included")
    is_synthetic: bool = Field(description="Whether this is demonstration data")
    notice: str = Field(description="“Demonstration data: all of it is made up.”, or empty")


class FigureItem(Schema):
    """One figure of the forces, and its change since the end of the day `compared_on`."""

    name: str
    count: int
    change: int | None = Field(description="Null if there was nothing a week before")


class SummaryPage(Envelope):
    """The headline of the national overview, and its figures."""

    sentence: str = Field(description="What is due next and what is left, in words")
    total: int
    implemented: int
    waiting: int = Field(description="Claims awaiting review")
    open: int
    overdue: int
    due_on: date | None = Field(description="The day from today on which most open ones are due")
    due: int = Field(description="Open ones due on that day")
    forecast_late: int = Field(description="Of these, those forecast after their due date")
    without_forecast: int = Field(description="Of these, those without a forecast")
    compared_on: date
    figures: list[FigureItem]
    quiet: list[str] = Field(description="Slugs of the bodies that have gone quiet")


class ListPage(Envelope, Generic[_Item]):
    """One page of a list. `next` is the cursor of the next page, or null at the end."""

    next: str | None
    items: list[_Item]

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Return the name in the OpenAPI document, such as `BodyList`."""
        return f"{params[0].__name__.removesuffix('Item')}List"


class BodyItem(Schema):
    """A force or a national organisation."""

    slug: str
    name: str
    short_name: str
    kind: str = Field(description="`force` or `national`")
    description: str
    ons_code: str
    country: str
    region: str | None
    rocu: str | None
    ended_at: datetime | None = Field(description="The instant from which it does not exist")
    succeeded_by: str | None = Field(description="The organisation that has its work now")
    url: str


class RecommendationItem(Schema):
    number: int
    part: str = Field(description="`a` for recommendation 5a; empty if it has no parts")
    reference: str = Field(description="Number and part, such as `5` or `5a`")
    title: str
    summary: str
    text_is_verbatim: bool = Field(description="Whether `summary` is the report's own text")
    gist: Certainty = Field(description="How sure what `summary` means is")
    addressee: Certainty = Field(description="How sure `lead_body` is")
    deadline: Certainty = Field(description="How sure `due_on` is")
    wording: Certainty = Field(description="How sure the words of `summary` are")
    sources: str = Field(
        description="Where the aspects were read, with the page, and since when they are so sure"
    )
    theme: str
    lead_body: str = Field(description="Slug of the body that the recommendation is addressed to")
    partners: list[str]
    due_on: date
    due_words: str = Field(description="The due date in the report's words, if they are known")
    asks_forces: bool = Field(
        description="Whether forces are asked to do anything. If not, they have no position on it"
    )
    force_ask: str = Field(
        description="What this register expects of forces, in our words; empty for nothing"
    )
    force_done_when: str = Field(description="When `force_ask` counts as done, in our words")
    url: str


class PositionItem(Schema):
    """The position of one body on one recommendation."""

    assignment: int
    body: str
    recommendation: int = Field(description="Number of the recommendation, without its part")
    reference: str = Field(description="Number and part, such as `5` or `5a`")
    is_lead: bool
    status: Status
    flags: list[Flag]
    original_due_on: date
    due_on: date
    due_date_changes: int
    days_overdue: int
    is_returned: bool = Field(
        description="Whether the latest update is a claim that was returned. The status is then "
        "`in_progress`"
    )
    is_self_assessed: bool = Field(
        description="Whether the department whose analysts review claims accepted its own claim, "
        "and no second reviewer of another organisation has confirmed it"
    )
    ending: EndingKind | None = Field(
        description="Why it was withdrawn; null if it was not, or if nobody has said why"
    )
    superseded_by: str | None = Field(
        description="Reference of the recommendation that supersedes it: `7`, or `slug/7` if it "
        "is of another inspection"
    )
    is_late: bool = Field(description="Whether the claim was submitted after the due date")
    days_late: int = Field(description="Days from the due date to the first claim, or 0")
    updated_at: datetime | None = Field(description="When the latest update was submitted")
    confidence: Confidence | None = Field(description=VISIBILITY)
    forecast_on: date | None = Field(description=VISIBILITY)
    no_change_count: int | None = Field(
        description="How many updates in a row, up to the latest, said that nothing had changed. "
        f"{VISIBILITY}"
    )


class AssignmentItem(PositionItem):
    """One recommendation assigned to one body, with its current position."""

    title: str
    assigned_at: datetime
    changed_at: datetime | None = Field(description=VISIBILITY)
    url: str


class StepItem(Schema):
    """A dated step of an assignment. Removed steps are left out."""

    id: int = Field(description="Of the latest change of the step")
    body: str
    recommendation: int = Field(description="Number of the recommendation, without its part")
    reference: str = Field(description="Number and part, such as `5` or `5a`")
    step: int = Field(description="Counts the steps of the assignment, from 1")
    title: str
    due_on: date
    done_on: date | None
    reason: str = Field(description="Why its day was moved, if the latest change says so")
    changed_at: datetime
    url: str


class ResponseItem(Schema):
    """What a body said to a recommendation, or to the report as a whole."""

    id: int
    body: str
    body_name: str
    force: str | None = Field(description="Of a local policing body: the slug of its force")
    recommendation: int | None = Field(description="Null: the report as a whole")
    reference: str | None = Field(description="Number and part, such as `5` or `5a`")
    answer: Response.Answer
    reason: str
    responded_on: date
    days_late: int | None = Field(
        description="Days from the last day of a local policing body to its response to the report"
    )
    link: str
    entered_at: datetime
    is_on_behalf: bool = Field(description="Entered by an analyst, and not by the body")
    url: str


class OutcomeItem(Schema):
    """A published figure on what happens outside. It is not part of the progress."""

    id: int
    indicator: Indicator
    title: str
    theme: str = Field(description="Of the recommendations whose pages show it")
    scope: str = Field(description="Who or where")
    period_start: date
    period_end: date | None = Field(description="Null: not published")
    value: float | None = Field(description="Null: nobody collects it")
    value_high: float | None = Field(description="The end of a range")
    qualifier: OutcomeFigure.Qualifier
    words: str = Field(description="The figure in words, such as `more than 1,500 lines`")
    unit: str
    is_cumulative: bool = Field(description="Counts from the start of a programme")
    breaks_before: bool = Field(
        description="Not comparable with the figure before it of the same indicator and scope"
    )
    note: str
    source: str
    entered_at: datetime
    replaces: int | None = Field(description="The id of the figure that this one corrects")
    reason: str = Field(description="Of the correction")
    url: str


class FlagItem(Schema):
    """An unbroken period during which a flag was in force, to the day before `cleared_on`."""

    assignment: int
    body: str
    recommendation: int = Field(description="Number of the recommendation, without its part")
    reference: str = Field(description="Number and part, such as `5` or `5a`")
    flag: Flag
    raised_on: date
    raised_because: str | None = Field(description=VISIBILITY)
    cleared_on: date | None
    cleared_because: str | None = Field(description=VISIBILITY)


class UpdateItem(Schema):
    """An update of a body on one assignment, and the latest decision on it."""

    id: int
    assignment: int
    body: str
    recommendation: int = Field(description="Number of the recommendation, without its part")
    reference: str = Field(description="Number and part, such as `5` or `5a`")
    number: int = Field(description="Counts the updates of an assignment from 1")
    kind: Update.Kind = Field(
        description="`no_change` confirms the answers of an earlier update, see `confirms`"
    )
    submitted_at: datetime
    status: ReportedStatus = Field(description="`implemented` makes it a claim")
    confidence: Confidence | None = Field(description="Null for a claim")
    account: str
    next_steps: str
    blockers: str
    blocker_causes: list[BlockerCause]
    forecast_on: date | None
    signed_off_by: str
    is_approved_in_service: bool
    evidence_files: int
    corrects: int | None = Field(description="The id of the update that this one corrects")
    confirms: int | None = Field(
        description="The id of the last update with something new, whose answers this one has"
    )
    confirmed_contradictions: list[Contradiction] = Field(
        description="Answers that contradict each other, which the person confirmed as right"
    )
    decision: Review.Decision | None = Field(description="The latest decision of the review")
    decided_at: datetime | None
    decision_reason: str
    url: str
