"""A question, or a reply to one."""

from typing import Any

from django import forms

from recommendations.forms.prose import ProseField


class QuestionForm(forms.Form):
    """`reply_to` is the key of the question that is replied to; empty for a new one."""

    design = {"*": {"label_size": "s"}}

    text = ProseField(
        subject="Question",
        label="Your question",
        help_text="The other side is told by mail. Leave out operational details.",
        error_messages={"required": "Enter your question"},
        rows=4,
    )


class ReplyForm(forms.Form):
    """One below each thread, with names of its own."""

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
