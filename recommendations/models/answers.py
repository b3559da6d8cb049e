"""The eight answers of an update: their columns, labels, choices and clean-up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from recommendations import wording
from recommendations.prose import clean_prose
from recommendations.rules import Confidence, Status
from recommendations.update_rules import Contradiction


class ReportedStatus(models.TextChoices):
    """The status that an organisation can report; `implemented` makes the update a claim."""

    NOT_STARTED = Status.NOT_STARTED.value, "Not started"
    IN_PROGRESS = Status.IN_PROGRESS.value, "In progress"
    IMPLEMENTED = Status.IMPLEMENTED.value, "Implemented"


class BlockerCause(models.TextChoices):
    PEOPLE = "people", "Not enough people"
    FUNDING = "funding", "Funding"
    SYSTEMS = "systems", "Data or IT systems"
    TRAINING = "training", "Training"
    SUPPLIER = "supplier", "Buying or a supplier"
    ANOTHER_BODY = "another_body", "Waiting for another organisation"
    LAW_OR_POLICY = "law_or_policy", "Law or national policy"
    PRIORITIES = "priorities", "Other operational priorities"
    OTHER = "other", "Something else"


@dataclass(frozen=True, kw_only=True)
class AnswerField:
    """One of the eight answers: its name is the column's and the form field's."""

    name: str
    label: str
    choices: type[models.TextChoices] | None = None
    is_required: bool = False
    is_of_claims: bool = True  # whether claims have this answer
    is_one_line: bool = False

    @property
    def empty(self) -> Any:
        """The stored value of an answer that was not given."""
        if self.name == "forecast_on":
            return None
        return [] if self.name == "blocker_causes" else ""

    def clean(self, text: str) -> str:
        cleaned = clean_prose(text)
        return " ".join(cleaned.split()) if self.is_one_line else cleaned

    def text(self, value: Any) -> str:
        """Return a stored answer as text, or ""."""
        if isinstance(value, date):
            return wording.day(value)
        if self.choices is None or not value:
            return value or ""
        values = value if isinstance(value, list) else [value]
        return "; ".join(str(self.choices(choice).label) for choice in values)

    def text_of(self, answers: "Answers") -> str:
        if self.name == "signed_off_by":
            return answers.approver_name
        return self.text(getattr(answers, self.name))

    def value_of(self, answers: "Answers") -> date | str:
        """Return the value for a cell of a file: a date, or text."""
        value = getattr(answers, self.name)
        return value if isinstance(value, date) else self.text_of(answers)


ANSWERS: dict[str, AnswerField] = {
    answer.name: answer
    for answer in (
        AnswerField(name="status", label="Status", choices=ReportedStatus, is_required=True),
        AnswerField(
            name="confidence",
            label="Confidence",
            choices=Confidence,
            is_required=True,
            is_of_claims=False,
        ),
        AnswerField(name="account", label="Progress", is_required=True),
        AnswerField(name="next_steps", label="Next steps"),
        AnswerField(
            name="blocker_causes",
            label="Type of blocker",
            choices=BlockerCause,
            is_of_claims=False,
        ),
        AnswerField(name="blockers", label="What would help", is_of_claims=False),
        AnswerField(
            name="forecast_on", label="Forecast date", is_required=True, is_of_claims=False
        ),
        AnswerField(name="signed_off_by", label="Approved by", is_required=True, is_one_line=True),
    )
}
MAX_SIGNATORY_LENGTH = 120  # characters


def answers_for(status: str, *, requires_approval: bool = False) -> list[AnswerField]:
    """Return the answers of an update with this status.

    A claim has no forecast, confidence or blockers. If a chief officer has to approve the update,
    nobody types their name.
    """
    is_claim = status == ReportedStatus.IMPLEMENTED
    return [
        answer
        for answer in ANSWERS.values()
        if (answer.is_of_claims or not is_claim)
        and not (requires_approval and answer.name == "signed_off_by")
    ]


def applicable_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers, with those that do not apply to their status empty."""
    names = {answer.name for answer in answers_for(answers["status"])}
    return {
        name: answers[name] if name in names else answer.empty for name, answer in ANSWERS.items()
    }


class Answers(models.Model):
    """The answers whose columns are the same in drafts and updates."""

    blocker_causes = ArrayField(
        models.CharField(max_length=20, choices=BlockerCause),
        default=list,
        db_default=[],
        blank=True,
    )
    confirmed_contradictions = ArrayField(
        models.CharField(max_length=30, choices=Contradiction),
        default=list,
        db_default=[],
        blank=True,
        help_text="Answers that contradict each other, which the person confirmed.",
    )
    signed_off_by = models.CharField(
        max_length=MAX_SIGNATORY_LENGTH,
        blank=True,
        default="",
        db_default="",
        help_text="Name and rank or post of the person approving this update.",
    )

    status: str

    class Meta:
        abstract = True

    @property
    def is_claim(self) -> bool:
        return self.status == ReportedStatus.IMPLEMENTED

    @property
    def approver_name(self) -> str:
        return self.signed_off_by
