"""What an uploaded spreadsheet must look like."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class SheetLayout:
    """The columns of a spreadsheet, and how large it may be."""

    sheet: str  # the name of the sheet to read; another one, if only that has the columns
    headings: tuple[str, ...]  # each of them once
    key_headings: Collection[str]  # the first row with all of these is the row of headings
    other_headings: Mapping[str, str] = field(default_factory=dict)  # read as these headings
    optional_headings: Collection[str] = ()  # of the headings, those that may be missing
    has_template: bool = True  # that can be downloaded
    unread_headings: Collection[str] = ()  # of the template, but for information only
    max_rows: int
    max_megabytes: int

    @property
    def required_headings(self) -> list[str]:
        return [heading for heading in self.headings if heading not in self.optional_headings]

    @property
    def max_bytes(self) -> int:
        return self.max_megabytes * 1024 * 1024
