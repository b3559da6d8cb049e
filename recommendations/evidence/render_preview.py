"""Renders an image, or the first page of a PDF, as a small PNG (called by `isolation`)."""

import io
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_WIDTH, MAX_HEIGHT = 900, 1270  # pixels of the PNG: a page of A4
MAX_SOURCE_PIXELS = 40_000_000


def render(file: BinaryIO, *, name: str, is_pdf: bool) -> bytes:
    """Return a PNG with the pixels only: no metadata. Raises ValueError if there are too many."""
    content = file.read()
    image = first_page(content) if is_pdf else picture(content)
    png = io.BytesIO()
    image.save(png, "PNG")
    return png.getvalue()


def picture(content: bytes) -> "Image":
    """Return the first frame of an image, the right way up, on white."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "GIF", "WEBP"]) as image:
        if image.width * image.height > MAX_SOURCE_PIXELS:
            raise ValueError("too many pixels")
        image.draft("RGB", (MAX_WIDTH * 2, MAX_HEIGHT * 2))
        image.thumbnail((MAX_HEIGHT, MAX_HEIGHT))  # before any copy of all its pixels
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((MAX_WIDTH, MAX_HEIGHT))
        transparent = upright.convert("RGBA")
    page = Image.new("RGB", transparent.size, "white")
    page.paste(transparent, mask=transparent.getchannel("A"))
    return page


def first_page(content: bytes) -> "Image":
    import pypdfium2

    page = pypdfium2.PdfDocument(content)[0]
    width, height = page.get_size()
    scale = min(MAX_WIDTH / width, MAX_HEIGHT / height)
    image: Image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    return image
