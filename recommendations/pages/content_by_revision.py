"""The content of pages, which each web process caches until the inspection's revision changes.

Only for content that follows from the inspection's history, the London day, the address, and the
reader's role and organisation. Its templates are rendered without the request, so that tokens,
nonces and messages cannot get into it. What changes without a new revision (drafts, reminders,
sign-ins, saved views, the time of day) is either rendered around the content or an argument.
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from forces.http import ReaderRequest
from recommendations import rules
from recommendations.models import Inspection

_Arguments = ParamSpec("_Arguments")
_Content = TypeVar("_Content")
_Request = TypeVar("_Request", bound=ReaderRequest)
_Inspection = TypeVar("_Inspection", bound=Inspection | None)


def content_by_revision(
    request: _Request,
    inspection: _Inspection,
    render: Callable[Concatenate[_Request, _Inspection, _Arguments], _Content],
    *arguments: _Arguments.args,
    **named: _Arguments.kwargs,
) -> _Content:
    """Return `render(request, inspection, *arguments)`, or what it returned at this revision.

    A change raises the revision in its transaction, so content that was rendered during a change
    is never served after it. The arguments need a `repr` that tells them apart. Without an
    inspection there is no revision, and nothing is cached.
    """
    if inspection is None:
        return render(request, inspection, *arguments, **named)
    key = _key(request, inspection, render.__module__, render.__qualname__, arguments, named)
    content: _Content | None = caches["page_content"].get(key)
    if content is None:
        content = render(request, inspection, *arguments, **named)
        caches["page_content"].set(key, content)
    return content


def render_content(
    request: ReaderRequest, template: str, context: Mapping[str, object]
) -> SafeString:
    """Render a template of content, which knows the past day of the page but not its request."""
    known = {
        "past_day": getattr(request, "past", None),
        "today": rules.london_day(request.now),
    }
    return render_to_string(template, known | dict(context))


def _key(request: ReaderRequest, inspection: Inspection, *arguments: object) -> str:
    reader = request.user
    parts = (
        settings.RELEASE,
        (inspection.pk, inspection.revision),
        rules.london_day(request.now),
        request.get_full_path(),
        (reader.role, reader.body_id),
        arguments,
    )
    return sha256(repr(parts).encode()).hexdigest()
