"""The form that requests a large download."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from recommendations.actions.request_download import FILE_TYPES
from recommendations.dashboards.changes.query import first_day_of_week
from recommendations.forms.date_input import DateInputField
from recommendations.models import Download

FILE_TYPE_LABELS = {
    "csv": "CSV, for statistics tools",
    "xlsx": "XLSX, for Excel",
    "ods": "ODS, for any spreadsheet program",
}
EARLIEST_DAY = date(1900, 1, 1)


class DownloadForm(forms.Form):
    """The file type of a large download, or the first day of the changes in a briefing pack."""

    def __init__(self, kind: str, data: Mapping[str, Any] | None = None, *, today: date) -> None:
        super().__init__(data, auto_id=f"{kind}_%s")
        self.kind, self.today = kind, today
        if kind == Download.Kind.BRIEFING:
            self.fields["since"] = DateInputField(
                subject="First day of the changes",
                label="Include changes since",
                initial=first_day_of_week(today),
            )
        else:
            file_types = FILE_TYPES[Download.Kind(kind)]
            self.fields["file_type"] = forms.ChoiceField(
                label="File type",
                choices=[(file_type, FILE_TYPE_LABELS[file_type]) for file_type in file_types],
                initial="xlsx",
                widget=forms.RadioSelect,
                error_messages={
                    "required": "Select a file type",
                    "invalid_choice": "Select a file type from the list",
                },
            )

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since > self.today:
            raise forms.ValidationError("First day of the changes must be today or in the past")
        if since < EARLIEST_DAY:
            raise forms.ValidationError("First day of the changes must be in 1900 or later")
        return since
