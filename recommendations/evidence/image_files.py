"""Images, decoded to see that they are what they begin as."""

import re
import warnings
from typing import BinaryIO

from recommendations.evidence.file_types import GIF, JPEG, PNG, WEBP, Kind, Unacceptable

MOST_PIXELS = 100_000_000  # of one picture: a bomb unfolds to far more

_KINDS = {"PNG": PNG, "JPEG": JPEG, "MPO": JPEG, "GIF": GIF, "WEBP": WEBP}
# With what follows in text: four letters alone come about by chance in compressed bytes.
_MARKUP = re.compile(
    rb"<(?:script|html|svg|iframe|\?php|!doctype)[\s>/][\t\r\n\x20-\x7e]{4}", re.IGNORECASE
)


def looks_like_image(head: bytes) -> bool:
    return head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")) or (
        head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    )


def inspect_image(file: BinaryIO, *, name: str) -> Kind:
    """Raises Unacceptable where it cannot be decoded, is too large, or hides something else."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file.seek(0)
            with Image.open(file, formats=["PNG", "JPEG", "GIF", "WEBP"]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                picture.load()
                kind = _KINDS[str(picture.format)]
    except Image.DecompressionBombError:
        raise Unacceptable(
            f"“{name}” has more than {MOST_PIXELS // 1_000_000} million points, which is too "
            "large. Make it smaller and choose it again."
        ) from None
    except Exception:  # a crafted picture can fail anywhere in its decoder
        raise Unacceptable(
            f"“{name}” begins like a picture but cannot be read as one. It may be damaged."
        ) from None
    file.seek(0)
    if _MARKUP.search(file.read()):
        raise Unacceptable(f"“{name}” is a picture that also holds a web page or a script.")
    return kind
