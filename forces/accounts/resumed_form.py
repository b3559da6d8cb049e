"""What somebody typed when their session had ended: kept until they have signed in again.

It travels signed in the sign-in form, then waits in the new session for the page that it was
typed into. Nothing of it is stored on the server before the sign-in.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core import signing
from django.http import HttpRequest, HttpResponseBase, QueryDict

LASTS = 60 * 60 * 12  # seconds: as long as a page may have been left open
LARGEST = 100_000  # characters
_SALT = "kept text"
_LEFT_OUT = {"csrfmiddlewaretoken", "action"}


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def keeps_typed_text(view: View) -> View:
    """Marks a view whose forms take long to fill in."""
    view.keeps_typed_text = True  # type: ignore[attr-defined]
    return view


def is_kept_for(view: Callable[..., object]) -> bool:
    return bool(getattr(view, "keeps_typed_text", False))


def pack(request: HttpRequest) -> str:
    """The typed fields of a POST, signed; empty where there is too much of it."""
    typed = _typed(request)
    if sum(len(value) for values in typed.values() for value in values) > LARGEST:
        return ""
    return signing.dumps({"path": request.path, "typed": typed}, salt=_SALT, compress=True)


def keep(request: HttpRequest, *, for_path: str) -> None:
    """What was typed beside another act of the same person: for the page that it belongs to."""
    request.session["kept_text"] = {"path": for_path, "typed": _typed(request)}


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    return {
        name: [str(value) for value in values]
        for name, values in request.POST.lists()
        if name not in _LEFT_OUT
    }


def put_into_session(request: HttpRequest, packed: str) -> None:
    """After the sign-in. What was tampered with, or is too old, is dropped."""
    try:
        request.session["kept_text"] = signing.loads(packed, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return


def posted_or_kept(request: HttpRequest) -> QueryDict | None:
    """The fields of a POST; for a visit, what was typed here before the session ended, if any."""
    return request.POST if request.method == "POST" else take(request)


def take(request: HttpRequest) -> QueryDict | None:
    """What was typed into this very page, once."""
    kept: dict[str, Any] | None = request.session.get("kept_text")
    if kept is None or kept["path"] != request.path:
        return None
    del request.session["kept_text"]
    typed = QueryDict(mutable=True)
    for name, values in kept["typed"].items():
        typed.setlist(name, values)
    return typed
