"""A form for the rows of a spreadsheet: a file, or cells that are pasted."""

from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile

from recommendations.evidence.file_types import UnacceptableFile
from recommendations.imports.rows import SpreadsheetRow
from recommendations.imports.sheets.layout import SheetLayout
from recommendations.imports.spreadsheet import read_rows


class SheetForm(forms.Form):
    """Rows in a file or as text. When the form is valid, `sheet_rows` are its rows."""

    design = {"*": {"label_size": "s"}}
    layout: ClassVar[SheetLayout]
    noun: ClassVar[str]  # what each row is: "people"

    file = forms.FileField(
        label="Upload a file",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
    )
    rows = forms.CharField(
        label="Or copy the cells and paste them here",
        required=False,
        help_text="Include the row of headings.",
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    sheet_rows: list[SpreadsheetRow]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = (
            f"The file must be .xlsx, .ods or .csv, with up to {self.layout.max_rows} {self.noun}, "
            f"and smaller than {self.layout.max_megabytes}MB."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("rows", "")
        if "file" in self.errors:
            return cleaned
        if bool(file) == bool(text):
            self.add_error(
                "file",
                "Upload a file or paste rows, not both" if file else "Select a file or paste rows",
            )
            return cleaned
        try:
            self.sheet_rows = self._read_file(file) if file else read_pasted(text, self.layout)
        except UnacceptableFile as reason:
            self.add_error("file" if file else "rows", str(reason))
        return cleaned

    def _read_file(self, file: "UploadedFile[Any]") -> list[SpreadsheetRow]:
        name = file.name or "file"
        if (file.size or 0) > self.layout.max_bytes:
            raise UnacceptableFile(f"“{name}” must be smaller than {self.layout.max_megabytes}MB")
        return read_rows(file.read(), name=name, layout=self.layout)


def read_pasted(text: str, layout: SheetLayout) -> list[SpreadsheetRow]:
    """Return the rows of pasted cells. Raises UnacceptableFile if they cannot be read."""
    return read_rows(text.encode(), name="Pasted rows", layout=layout)
