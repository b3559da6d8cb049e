"""What a reader wants by mail: their own page, and the way out at the end of each mail."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from forces.models import User
from forces.permissions import Permission, may, may_update
from forces.refusal import Refusal
from recommendations.actions.mail_choice import choose_mail, copy_chief_officers, leave_mail
from recommendations.digests import unsubscribe
from recommendations.forms.mail_choice import CopiesForm, MailChoiceForm
from recommendations.readers import NEWS_ROLES, choice_of, readers
from recommendations.views.papers import reader_of

COPIES = "copies"  # the act of the form that is not the reader's own


@dataclass(frozen=True)
class MailForms:
    """Each with its own submit, so that keeping the one says nothing of the other."""

    form: MailChoiceForm
    copies_form: CopiesForm | None  # for whoever may say it for the reader's body


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_digests(request: HttpRequest) -> HttpResponse:
    """The reader's own choice; an officer also says whether chief officers get copies."""
    person = reader_of(request)
    shown = mail_forms(request, person, by=person)
    if keep(request, shown, person, by=person, words="Your choice is kept."):
        return redirect("my_digests")
    context = {
        "form": shown.form,
        "copies_form": shown.copies_form,
        "person": person,
        "is_reader": readers().filter(pk=person.pk).exists(),
        "bouncing_since": choice_of(person).bounces(person.email),
    }
    return render(request, "digests/mine.html", context)


def mail_forms(request: HttpRequest, reader: User, *, by: User) -> MailForms:
    """The one that was sent holds what was typed."""
    sent = request.POST if request.method == "POST" else None
    is_copies = request.POST.get("act") == COPIES
    body, has_news = reader.body, reader.role in NEWS_ROLES
    own = None if is_copies else sent
    form = MailChoiceForm(own, of=choice_of(reader), has_news=has_news)
    if body is None or not (may(by, Permission.RUN_THE_MAIL) or may_update(by, body)):
        return MailForms(form, None)
    is_so = body.copies_to_chief_officers
    return MailForms(form, CopiesForm(sent if is_copies else None, is_so=is_so))


def keep(request: HttpRequest, shown: MailForms, reader: User, *, by: User, words: str) -> bool:
    """Keep the form that was sent, and say so, or why not; False where a page is to be shown."""
    copies, now = shown.copies_form, timezone.now()
    if shown.form.is_valid():
        choose_mail(reader=reader, by=by, at=now, **shown.form.said)
        messages.success(request, words)
        return True
    if copies is None or reader.body is None or not copies.is_valid():
        return False
    wanted, was = copies.is_yes("copies"), copies.is_yes("shown")
    try:
        copy_chief_officers(body=reader.body, wanted=wanted, shown=was, by=by, at=now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        said = "get copies" if wanted else "get no copies"
        messages.success(request, f"Chief officers of {reader.body.short_name} {said}.")
    return True


@login_not_required
@csrf_exempt  # a mail program posts it (RFC 8058); the signed address is the permission
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def digests_leave(request: HttpRequest, token: str) -> HttpResponse:
    """A visit asks, and changes nothing: mail scanners follow links. A POST ends the mail."""
    try:
        reader_id, stream = unsubscribe.read(token)
    except LookupError:
        raise Http404 from None
    reader = get_object_or_404(User.objects.select_related("body"), pk=reader_id)
    is_weekly = stream == unsubscribe.WEEKLY
    if request.method == "POST":
        leave_mail(reader=reader, is_weekly=is_weekly, at=timezone.now())
    context = {"is_weekly": is_weekly, "is_done": request.method == "POST"}
    return render(request, "digests/leave.html", context)
