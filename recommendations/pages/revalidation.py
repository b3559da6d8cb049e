"""ETags of the national pages: a browser with a current copy gets 304, and nothing is rendered.

The figures of these pages, and what the navigation counts as waiting for the reader, depend only on
the inspection's revision and the London day.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import etag
from django.views.decorators.vary import vary_on_headers

from forces.http import ReaderRequest
from recommendations import rules
from recommendations.models import Inspection
from recommendations.pages.live import wants_fragment
from recommendations.pages.lookups import inspections_of


def revalidated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let browsers cache the page and revalidate it every time.

    The view takes the request, the inspection, and whatever else the page shows about its reader.
    The ETag covers all of them. Permissions must be checked first, so that nobody gets 304 for a
    page that they may not see.
    """
    conditional = etag(_etag)(view)
    conditional = cache_control(private=True, no_cache=True)(conditional)
    conditional = vary_on_headers("HX-Request", "Cookie")(conditional)

    @wraps(view)
    def revalidated_view(request: ReaderRequest, *args: object) -> HttpResponse:
        response: HttpResponse = conditional(request, *args)
        if response.status_code == 304:
            # The cached page came with its own policy; a new nonce would block its scripts.
            response._csp_exempt = True  # type: ignore[attr-defined]
        return response

    return revalidated_view


def _etag(request: ReaderRequest, inspection: Inspection | None, *args: object) -> str | None:
    """Return the ETag; None for fragments, and for a page that shows a message only once."""
    if wants_fragment(request) or len(get_messages(request)):
        return None
    reader = request.user
    content = (
        settings.RELEASE,
        (inspection.pk, inspection.revision) if inspection else None,
        # The header links to them with what waits there.
        [(row.pk, row.title, row.revision) for row in inspections_of(request)],
        rules.london_day(request.now),
        request.get_full_path(),
        (reader.pk, reader.name, reader.role, reader.body_id),
        [(choice.pk, choice.label) for choice in reader.choices],
        args,
        request.COOKIES.get(settings.SESSION_COOKIE_NAME),
        request.COOKIES.get(settings.CSRF_COOKIE_NAME),
    )
    return f'W/"{sha256(repr(content).encode()).hexdigest()[:32]}"'
