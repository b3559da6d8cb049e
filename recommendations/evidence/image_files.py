"""Checks images by decoding them."""

import re
import warnings
from typing import TYPE_CHECKING, BinaryIO

from recommendations.evidence.file_types import GIF, JPEG, PNG, WEBP, FileType, UnacceptableFile

if TYPE_CHECKING:
    from PIL.Image import Image

_MAX_PIXELS = 100_000_000  # of one image: a decompression bomb has far more
_MAX_FRAMES = 500  # of an animation
_MAX_FRAME_PIXELS = 1_000_000_000  # of all frames of an animation

_FILE_TYPES = {"PNG": PNG, "JPEG": JPEG, "MPO": JPEG, "GIF": GIF, "WEBP": WEBP}
# With some text after the tag: compressed bytes contain short tags by chance.
_MARKUP = re.compile(
    rb"<(?:script|html|svg|iframe|\?php|!doctype)[\s>/][\t\r\n\x20-\x7e]{4}", re.IGNORECASE
)


def looks_like_image(head: bytes) -> bool:
    return head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")) or (
        head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    )


def inspect_image(file: BinaryIO, *, name: str) -> FileType:
    """Return an image's type. Raises UnacceptableFile if damaged, too large or something else."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file.seek(0)
            with Image.open(file, formats=["PNG", "JPEG", "GIF", "WEBP"]) as image:
                _refuse_large(image, name)
                image.load()
                file_type = _FILE_TYPES[str(image.format)]
    except (UnacceptableFile, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise _too_large(name) from None
    except Exception:  # a malicious image can fail anywhere in its decoder
        raise UnacceptableFile(
            f"“{name}” is damaged: it looks like an image but cannot be opened."
        ) from None
    file.seek(0)
    if _MARKUP.search(file.read()):
        raise UnacceptableFile(f"“{name}” is an image that also contains a web page or a script.")
    return file_type


def _refuse_large(image: "Image", name: str) -> None:
    pixels = image.width * image.height
    if pixels > _MAX_PIXELS:
        raise _too_large(name)
    frames = getattr(image, "n_frames", 1)
    if frames > _MAX_FRAMES or frames * pixels > _MAX_FRAME_PIXELS:
        raise UnacceptableFile(
            f"“{name}” is an animation with more than {_MAX_FRAMES} frames, or with very large "
            "ones. Upload a shorter or smaller one."
        )


def _too_large(name: str) -> UnacceptableFile:
    return UnacceptableFile(
        f"“{name}” has more than {_MAX_PIXELS // 1_000_000} million pixels. Make it smaller and "
        "upload it again."
    )
