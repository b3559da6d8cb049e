"""Who was or will be sent which digest, and each one exactly as it is sent."""

from collections.abc import Callable
from typing import TypeVar, cast

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from forces.models import User
from forces.permissions import Permission, may
from recommendations import wording
from recommendations.digests.ledger import rendered_for
from recommendations.digests.readers import readers
from recommendations.digests.rendering import Rendered
from recommendations.digests.week import Week
from recommendations.models import Digest, OutboxMail
from recommendations.rules import london_day

View = TypeVar("View", bound=Callable[..., HttpResponse])
FOR_A_FRAME = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "frame-ancestors": [SELF]}


def as_mail(view: View) -> View:
    """A mail carries its own styles, and nothing else may run or load in the frame around it."""
    return cast("View", csp_replace(FOR_A_FRAME)(view))


@require_safe
def digests(request: HttpRequest) -> HttpResponse:
    """This week's ledger, and every reader with a preview."""
    _refuse_others(request)
    week = Week.of(london_day(timezone.now()))
    made = {
        digest.reader_id: digest
        for digest in Digest.objects.filter(iso_year=week.year, iso_week=week.number)
        .select_related("mail")
        .defer("html", "text")
    }
    rows = [
        {"reader": reader, "digest": made.get(reader.pk)}
        for reader in readers().order_by("body__short_name", "name")
    ]
    context = {
        "week": week,
        "rows": rows,
        "sentence": _sentence(week, list(made.values()), len(rows)),
    }
    return render(request, "digests/list.html", context)


@require_safe
def digest(request: HttpRequest, digest_id: int) -> HttpResponse:
    """What was sent, or is about to be."""
    sent = _find(request, digest_id)
    context = {"mail": sent, "reader": sent.reader, "outbox": sent.mail, "week": Week.of(sent.on)}
    return render(request, "digests/mail.html", context | {"frame": "html/"})


@xframe_options_sameorigin
@as_mail
@require_safe
def digest_html(request: HttpRequest, digest_id: int) -> HttpResponse:
    return framed(_find(request, digest_id).html)


@require_safe
def preview(request: HttpRequest, reader_id: int) -> HttpResponse:
    """What the reader would be sent now, by the function that renders what is sent."""
    reader, mail = _preview(request, reader_id)
    context = {"mail": mail, "reader": reader, "frame": "html/"}
    return render(request, "digests/mail.html", context)


@xframe_options_sameorigin
@as_mail
@require_safe
def preview_html(request: HttpRequest, reader_id: int) -> HttpResponse:
    _, mail = _preview(request, reader_id)
    return framed(mail.html)


def framed(html: str) -> HttpResponse:
    """A mail for the frame of a page; its links open in the window and not in the frame."""
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))


def _refuse_others(request: HttpRequest) -> None:
    if not may(request.user, Permission.SEE_DIGESTS):
        raise Http404


def _find(request: HttpRequest, digest_id: int) -> Digest:
    _refuse_others(request)
    return get_object_or_404(Digest.objects.select_related("reader", "mail"), pk=digest_id)


def _preview(request: HttpRequest, reader_id: int) -> tuple[User, Rendered]:
    _refuse_others(request)
    reader = get_object_or_404(readers(), pk=reader_id)
    mails = rendered_for([reader], at=timezone.now())
    if reader.pk not in mails:
        raise Http404
    return reader, mails[reader.pk]


def _sentence(week: Week, made: list[Digest], readers_count: int) -> str:
    if not made:
        who = wording.count(readers_count, "reader")
        return f"The digests of {week} have not been made yet; {who} will get one."
    sent = sum(digest.mail.state == OutboxMail.State.SENT for digest in made)
    refused = sum(digest.mail.state == OutboxMail.State.REFUSED for digest in made)
    return (
        f"{sent:,} of {wording.count(len(made), 'digest')} of {week} were sent; "
        f"{len(made) - sent - refused:,} wait and {refused:,} were refused."
    )
