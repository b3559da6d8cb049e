"""What the API answers, field by field. Days are London days; instants have their offset."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from recommendations.models.answers import BlockerCause, ReportedStatus
from recommendations.models.review import Review
from recommendations.rules import Confidence, Flag, Status

OWN_PAPERS = "Null where you may not read the body's papers"


class Problem(Schema):
    """What went wrong, in sentences."""

    detail: str


class About(Schema):
    """The inspection that everything here is about."""

    slug: str
    title: str
    publisher: str
    published_on: date


class Answer(Schema):
    """What each answer says of itself."""

    inspection: About
    position_on: date = Field(description="The London day whose position this is")
    position_at: datetime = Field(description="The instant up to which everything is told")
    is_synthetic: bool = Field(description="Whether all of it is made up")
    notice: str = Field(description="“Demonstration data: all of it is made up.”, or nothing")


class Page(Answer):
    """One page of a list; `next` is the cursor of the one after it, or null at the end."""

    next: str | None
    items: list[Any]


class BodyItem(Schema):
    """A force or a national body."""

    slug: str
    name: str
    short_name: str
    kind: str = Field(description="`force` or `national`")
    description: str
    ons_code: str
    country: str
    region: str | None
    rocu: str | None
    url: str


class RecommendationItem(Schema):
    number: int
    title: str
    summary: str
    is_confirmed: bool = Field(description="Whether the summary was held against the report")
    theme: str
    lead_body: str = Field(description="Slug of the body to whom it is addressed")
    partners: list[str]
    due_on: date
    url: str


class PositionItem(Schema):
    """How one recommendation stood for one body."""

    assignment: int
    body: str
    recommendation: int
    is_lead: bool
    status: Status
    flags: list[Flag]
    original_due_on: date
    due_on: date
    due_date_changes: int
    days_overdue: int
    is_late: bool = Field(description="Whether the claim came after the due date")
    updated_at: datetime | None = Field(description="When the latest update was sent")
    confidence: Confidence | None = Field(description=OWN_PAPERS)
    forecast_on: date | None = Field(description=OWN_PAPERS)


class AssignmentItem(PositionItem):
    """One recommendation as it binds one body, as it stands now."""

    title: str
    assigned_at: datetime
    changed_at: datetime | None = Field(description=OWN_PAPERS)
    url: str


class FlagItem(Schema):
    """One unbroken time during which a flag stood, until the day before `cleared_on`."""

    assignment: int
    body: str
    recommendation: int
    flag: Flag
    raised_on: date
    raised_because: str | None = Field(description=OWN_PAPERS)
    cleared_on: date | None
    cleared_because: str | None = Field(description=OWN_PAPERS)


class UpdateItem(Schema):
    """What a body said about one assignment, and the review that stands."""

    id: int
    assignment: int
    body: str
    recommendation: int
    number: int = Field(description="Counts the updates of an assignment from 1")
    submitted_at: datetime
    status: ReportedStatus = Field(description="`implemented` makes it a claim")
    confidence: Confidence
    account: str
    next_steps: str
    blockers: str
    blocker_causes: list[BlockerCause]
    forecast_on: date | None
    signed_off_by: str
    evidence_files: int
    corrects: int | None = Field(description="The id of the update that this one corrects")
    decision: Review.Decision | None = Field(description="Of the review, as it stands")
    decided_at: datetime | None
    decision_reason: str
    url: str


class BodyPage(Page):
    items: list[BodyItem]


class RecommendationPage(Page):
    items: list[RecommendationItem]


class AssignmentPage(Page):
    items: list[AssignmentItem]


class PositionPage(Page):
    items: list[PositionItem]


class FlagPage(Page):
    items: list[FlagItem]


class UpdatePage(Page):
    items: list[UpdateItem]
