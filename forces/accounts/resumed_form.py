"""Restores what somebody typed into a form when their session had ended.

The sign-in page carries it as a signed hidden field. After the sign-in it waits in the session for
the page of the form. Nothing is stored on the server before the sign-in. If the person may no
longer use the form, the error page shows the text, so that it can be copied.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import Resolver404, resolve

MAX_AGE_SECONDS = 60 * 60 * 12
MAX_CHARACTERS = 100_000
SESSION_KEY = "resumed_form"
_SALT = "kept text"
_EXCLUDED_FIELDS = {"csrfmiddlewaretoken", "action"}
_MAX_CHOICE_LENGTH = 20  # characters; anything longer was typed, not chosen

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def resumable(view: View) -> View:
    """A view decorator, for forms that are long to fill in."""
    view.has_resumable_form = True  # type: ignore[attr-defined]
    return view


def is_resumable(view: Callable[..., object]) -> bool:
    """Whether the view has the decorator."""
    return bool(getattr(view, "has_resumable_form", False))


def pack(request: HttpRequest) -> str:
    """The fields of a POST, signed; empty if they are longer than MAX_CHARACTERS."""
    fields = _fields(request)
    if sum(len(value) for values in fields.values() for value in values) > MAX_CHARACTERS:
        return ""
    return signing.dumps({"path": request.path, "typed": fields}, salt=_SALT, compress=True)


def unpack(request: HttpRequest, packed: str) -> None:
    """Store packed fields in the session. Does nothing if they are invalid or too old."""
    try:
        request.session[SESSION_KEY] = signing.loads(packed, salt=_SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        return


def save(request: HttpRequest, *, for_path: str) -> None:
    """Store the fields of this POST in the session, for the form at another path."""
    request.session[SESSION_KEY] = {"path": for_path, "typed": _fields(request)}


def pop(request: HttpRequest) -> QueryDict | None:
    """Remove the fields stored for this path from the session and return them."""
    stored: dict[str, Any] | None = request.session.get(SESSION_KEY)
    if stored is None or stored["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    fields = QueryDict(mutable=True)
    for name, values in stored["typed"].items():
        fields.setlist(name, values)
    return fields


def posted_or_resumed(request: HttpRequest) -> QueryDict | None:
    """The fields of a POST, or those stored for this path."""
    return request.POST if request.method == "POST" else pop(request)


def typed_texts(request: HttpRequest) -> list[str]:
    """The texts that were typed into a resumable form: of this POST, or those stored for this path.

    Choices are left out.
    """
    if request.method == "POST":
        return posted_texts(request)
    match = request.resolver_match
    fields = pop(request) if match and is_resumable(match.func) else None
    return _texts(dict(fields.lists())) if fields else []


def posted_texts(request: HttpRequest) -> list[str]:
    """The texts that were typed into a resumable form of this service, without the database."""
    is_foreign = request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"
    try:
        if is_foreign or not is_resumable(resolve(request.path_info).func):
            return []
        return _texts(_fields(request))
    except (Resolver404, SuspiciousOperation, OSError):  # the form cannot be read
        return []


def texts_in(packed: str) -> list[str]:
    """The texts that were typed among packed fields; none if they are invalid or too old."""
    try:
        return _texts(signing.loads(packed, salt=_SALT, max_age=MAX_AGE_SECONDS)["typed"])
    except signing.BadSignature:
        return []


def _texts(fields: dict[str, list[str]]) -> list[str]:
    texts = [
        text
        for name, values in fields.items()
        if name not in {*_EXCLUDED_FIELDS, "token"}
        for text in values
    ]
    return [text for text in texts if " " in text.strip() or len(text) > _MAX_CHOICE_LENGTH]


def _fields(request: HttpRequest) -> dict[str, list[str]]:
    return {
        name: [str(value) for value in values]
        for name, values in request.POST.lists()
        if name not in _EXCLUDED_FIELDS
    }
