"""A mail in the frame of a page: with its own styles and picture, and nothing else."""

from base64 import b64encode
from collections.abc import Callable
from typing import TypeVar, cast

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import HttpResponse

from recommendations.emails.message import TREND
from recommendations.emails.personalisation import Personal

View = TypeVar("View", bound=Callable[..., HttpResponse])
FOR_A_FRAME = {
    "default-src": [NONE],
    "script-src": [NONE],
    "connect-src": [NONE],
    "frame-src": [NONE],
    "font-src": [NONE],
    "manifest-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [SELF],
}


def as_mail(view: View) -> View:
    """A mail carries its own styles, and nothing else may run or load in the frame around it."""
    return cast("View", csp_replace(FOR_A_FRAME)(view))


def framed(said: Personal) -> HttpResponse:
    return framed_html(said.html, said.picture)


def framed_html(html: str, picture: bytes | None) -> HttpResponse:
    """Its links open in the window and not in the frame; its picture comes with it."""
    html = html.replace("<head>", '<head><base target="_top">', 1)
    if picture is not None:
        shown = f"data:image/png;base64,{b64encode(picture).decode()}"
        html = html.replace(f"cid:{TREND}", shown)
    return HttpResponse(html)
