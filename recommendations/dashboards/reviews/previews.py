"""Previews of the evidence of a claim, next to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from recommendations.evidence.file_types import PDF
from recommendations.evidence.previews import MAX_CHARACTERS, beginning_of_text, preview_kind
from recommendations.models import Evidence


@dataclass(frozen=True, kw_only=True)
class EvidencePreview:
    """A file with a picture of it, or the beginning of its text; neither for other types."""

    file: Evidence
    caption: str
    picture_url: str
    picture_description: str  # the alternative text
    text: str

    @property
    def has_preview(self) -> bool:
        return bool(self.picture_url or self.text)


def previews_of(files: Iterable[Evidence]) -> list[EvidencePreview]:
    """Return a preview of each file. Pictures are rendered when a browser asks for them."""
    return [_preview(file) for file in files]


def _preview(file: Evidence) -> EvidencePreview:
    kind = preview_kind(file.kind)
    text = beginning_of_text(file.key) if kind == "text" else ""
    is_pdf = file.kind == PDF.content_type
    caption = file.name
    if is_pdf:
        caption = f"{file.name}, first page"
    elif len(text) == MAX_CHARACTERS:
        caption = f"{file.name}, first {MAX_CHARACTERS:,} characters"
    return EvidencePreview(
        file=file,
        caption=caption,
        picture_url=reverse("evidence_preview", args=[file.key]) if kind == "picture" else "",
        picture_description=f"Preview of {caption}",
        text=text,
    )
