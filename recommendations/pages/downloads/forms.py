"""What a person asks for, to be made by a job."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms

from recommendations.actions.request_download import KINDS_OF_FILES
from recommendations.forms.date_input import DateInputField
from recommendations.models import Download

NAMES = {
    "csv": "CSV, for statistics tools",
    "xlsx": "XLSX, for Excel",
    "ods": "ODS, for every spreadsheet",
}
LATELY = timedelta(days=7)
EARLIEST = date(1900, 1, 1)


class DownloadForm(forms.Form):
    """One of the kinds: which kind of file, and since when a briefing tells of changes."""

    def __init__(self, kind: str, data: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(data, auto_id=f"{kind}_%s")
        self.kind, self.today = kind, today
        if kind == Download.Kind.BRIEFING:
            self.fields["since"] = DateInputField(
                subject="First day of the changes",
                label="Tell what changed since",
                initial=today - LATELY,
            )
        else:
            self.fields["file_type"] = forms.ChoiceField(
                label="Kind of file",
                choices=[(kind_, NAMES[kind_]) for kind_ in KINDS_OF_FILES[Download.Kind(kind)]],
                initial="xlsx",
                widget=forms.RadioSelect,
                error_messages={
                    "required": "Choose a kind of file",
                    "invalid_choice": "Choose a kind of file from the list",
                },
            )

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since > self.today:
            raise forms.ValidationError("First day of the changes must be today or in the past")
        if since < EARLIEST:
            raise forms.ValidationError("First day of the changes must be in 1900 or later")
        return since

    @property
    def asked(self) -> tuple[str, dict[str, str]]:
        """Kind of file and parameters, once the form is valid."""
        if self.kind == Download.Kind.BRIEFING:
            return "pdf", {"since": self.cleaned_data["since"].isoformat()}
        return self.cleaned_data["file_type"], {}
