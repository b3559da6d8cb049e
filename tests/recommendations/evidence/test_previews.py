"""Previews are small pictures without metadata, or the beginning of a text, within limits."""

import io
import uuid
from contextlib import ExitStack

import pytest
from PIL import Image

from recommendations.evidence import isolation
from recommendations.evidence.previews import beginning_of_text, preview_kind, render_png
from recommendations.evidence.render_preview import MAX_HEIGHT, MAX_WIDTH
from recommendations.evidence.storage import save_file
from tests.recommendations.evidence import files


def stored(content: bytes) -> uuid.UUID:
    key = uuid.uuid4()
    save_file(io.BytesIO(content), key=key)
    return key


def pdf_page(text: str = "Hello") -> bytes:
    """A PDF with a page of A4, drawn by Pillow."""
    buffer = io.BytesIO()
    Image.new("RGB", (595, 842), "navy").save(buffer, "PDF", title=text)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_large_image_becomes_a_small_png(kind):
    key = stored(files.image(kind, size=(4000, 1000)))
    png = Image.open(io.BytesIO(render_png(key, f"image/{kind.lower()}")))
    assert (png.format, png.size) == ("PNG", (MAX_WIDTH, MAX_WIDTH // 4))


def test_the_place_where_a_photograph_was_taken_is_left_out():
    exif = Image.Exif()
    exif[0x010F] = "Camera of Jo Hale"
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10)).save(buffer, "JPEG", exif=exif)
    png = render_png(stored(buffer.getvalue()), "image/jpeg")
    assert b"Jo Hale" in buffer.getvalue()
    assert b"Jo Hale" not in png
    assert not Image.open(io.BytesIO(png)).getexif()


def test_the_first_page_of_a_pdf_becomes_a_png():
    pytest.importorskip("pypdfium2")
    png = Image.open(io.BytesIO(render_png(stored(pdf_page()), "application/pdf")))
    assert png.width <= MAX_WIDTH
    assert png.height <= MAX_HEIGHT
    red, green, blue = png.getpixel((100, 100))
    assert red < 5
    assert green < 5
    assert 120 < blue < 136


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (files.PDF, "application/pdf"),
        (b"%PDF-1.7 and nothing else", "application/pdf"),
        (files.image()[:40], "image/png"),
        (files.image(size=(9000, 9000)), "image/png"),
    ],
)
def test_what_cannot_be_rendered_within_the_limits_has_no_preview(content, content_type):
    assert render_png(stored(content), content_type) is None


def test_few_files_are_rendered_at_a_time(monkeypatch):
    key = stored(files.image())
    monkeypatch.setattr(isolation, "MAX_SECONDS", 0.01)
    with ExitStack() as busy:
        for _ in range(isolation.MAX_PROCESSES):
            busy.enter_context(isolation._processes)
        assert render_png(key, "image/png") is None
    monkeypatch.undo()
    assert render_png(key, "image/png") is not None


def test_a_photograph_is_shown_the_right_way_up():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by 90 degrees
    buffer = io.BytesIO()
    Image.new("RGBA", (2000, 1000)).save(buffer, "WEBP", exif=exif)
    png = Image.open(io.BytesIO(render_png(stored(buffer.getvalue()), "image/webp")))
    assert png.size == (MAX_HEIGHT // 2, MAX_HEIGHT)


def test_a_text_is_cut_and_never_in_the_middle_of_a_character():
    assert beginning_of_text(stored(("é" * 9000).encode())) == "é" * 4000
    assert beginning_of_text(stored(("a" + "€" * 9000).encode()))[:3] == "a€€"
    assert beginning_of_text(stored("Grüße".encode("cp1252"))) == "Grüße"
    assert beginning_of_text(uuid.uuid4()) == ""


def test_only_pictures_pdfs_and_texts_are_previewed():
    assert preview_kind("image/png") == preview_kind("application/pdf") == "picture"
    assert preview_kind("text/csv") == "text"
    assert preview_kind("message/rfc822") == preview_kind("text/html") == ""
