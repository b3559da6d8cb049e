"""What a reader wants by mail: their own page, and the way out at the end of each mail."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt

from forces.http import ReaderRequest, ServiceRequest, form_data, get_or_post
from forces.models import User
from forces.permissions import Permission, may, may_update
from forces.refusal import Refusal
from recommendations.actions.email_preferences import choose_mail, copy_chief_officers, leave_mail
from recommendations.emails import unsubscribe
from recommendations.pages.emails.preference_forms import CopiesForm, MailChoiceForm
from recommendations.readers import NEWS_ROLES, choice_of, readers

COPIES = "copies"  # the act of the form that is not the reader's own


@dataclass(frozen=True)
class MailForms:
    """Each with its own submit, so that keeping the one says nothing of the other."""

    form: MailChoiceForm
    copies_form: CopiesForm | None  # for whoever may say it for the reader's body


@get_or_post
def my_digests(request: ReaderRequest) -> HttpResponse:
    """The reader's own choice; an officer also says whether chief officers get copies."""
    person = request.user
    shown = mail_forms(request, person)
    if keep(request, shown, person, words="Your choice is kept."):
        return redirect("my_digests")
    context = {
        "form": shown.form,
        "copies_form": shown.copies_form,
        "person": person,
        "is_reader": readers().filter(pk=person.pk).exists(),
        "bouncing_since": choice_of(person).bounces(person.email),
    }
    return render(request, "emails/preferences.html", context)


def mail_forms(request: ReaderRequest, reader: User) -> MailForms:
    """The one that was sent holds what was typed."""
    sent = form_data(request)
    is_copies = request.POST.get("act") == COPIES
    body, has_news = reader.body, reader.role in NEWS_ROLES
    own = None if is_copies else sent
    form = MailChoiceForm(own, of=choice_of(reader), has_news=has_news)
    if body is None or not (
        may(request.user, Permission.RUN_THE_MAIL) or may_update(request.user, body)
    ):
        return MailForms(form, None)
    is_so = body.copies_to_chief_officers
    return MailForms(form, CopiesForm(sent if is_copies else None, is_so=is_so))


def keep(request: ReaderRequest, shown: MailForms, reader: User, *, words: str) -> bool:
    """Keep the form that was sent, and say so, or why not; False where a page is to be shown."""
    copies, by, at = shown.copies_form, request.user, request.now
    if shown.form.is_valid():
        choose_mail(reader=reader, by=by, at=at, **shown.form.said)
        messages.success(request, words)
        return True
    if copies is None or reader.body is None or not copies.is_valid():
        return False
    wanted, was = copies.is_yes("copies"), copies.is_yes("shown")
    try:
        copy_chief_officers(body=reader.body, wanted=wanted, shown=was, by=by, at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        outcome = "get copies" if wanted else "get no copies"
        messages.success(request, f"Chief officers of {reader.body.short_name} {outcome}.")
    return True


@login_not_required
@csrf_exempt  # a mail program posts it (RFC 8058); the signed address is the permission
@get_or_post
def digests_leave(request: ServiceRequest, token: str) -> HttpResponse:
    """A visit asks, and changes nothing: mail scanners follow links. A POST ends the mail."""
    try:
        reader_id, stream = unsubscribe.read(token)
    except LookupError:
        raise Http404 from None
    reader = get_object_or_404(User.objects.select_related("body"), pk=reader_id)
    is_weekly = stream == unsubscribe.WEEKLY
    if request.method == "POST":
        leave_mail(reader=reader, is_weekly=is_weekly, at=request.now)
    context = {"is_weekly": is_weekly, "is_done": request.method == "POST"}
    return render(request, "emails/unsubscribe.html", context)
