"""An email in the frame of a page: with its own styles and picture, and nothing else."""

from base64 import b64encode
from collections.abc import Callable
from typing import TypeVar, cast

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpResponse

from recommendations.emails.message import TREND_CONTENT_ID

View = TypeVar("View", bound=Callable[..., HttpResponse])
NO_SOURCES = ("default-src", "script-src", "connect-src", "frame-src", "font-src", "manifest-src")
FRAME_POLICY = {name: [NONE] for name in NO_SOURCES} | {
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
}


def with_frame_policy(view: View) -> View:
    """Allow an email's own styles and picture; nothing else may run or load."""
    return cast("View", csp_replace(FRAME_POLICY)(view))


def render_frame(html: str, picture: bytes | None) -> HttpResponse:
    """Return the email. Its links leave the frame, and its picture is inline."""
    html = html.replace("<head>", '<head><base target="_top">', 1)
    if picture is not None:
        data_url = f"data:image/png;base64,{b64encode(picture).decode()}"
        html = html.replace(f"cid:{TREND_CONTENT_ID}", data_url)
    return HttpResponse(html)
