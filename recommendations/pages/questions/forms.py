"""Forms for a question and for a reply."""

from typing import Any

from django import forms

from recommendations.forms.prose import ProseField


class QuestionForm(forms.Form):
    """A new question on an assignment."""

    design = {"*": {"label_size": "s"}}

    text = ProseField(
        subject="Question",
        label="Your question",
        help_text="The other party will get an email. Do not include operational details.",
        error_messages={"required": "Enter your question"},
        rows=4,
    )


class ReplyForm(forms.Form):
    """A reply to a question. Its prefix tells several forms on one page apart."""

    design = {"*": {"label_size": "s"}}

    text = ProseField(
        subject="Reply",
        label="Your reply",
        error_messages={"required": "Enter your reply"},
        rows=3,
    )

    def __init__(self, data: Any = None, *, question_id: int) -> None:
        super().__init__(data, prefix=f"reply-{question_id}", auto_id="id_%s")
        self.question_id = question_id
