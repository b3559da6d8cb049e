"""What a reader wants by mail: their own page, and the way out at the end of each mail."""

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
from recommendations.actions import choose_mail, copy_chief_officers, leave_mail
from recommendations.digests import unsubscribe
from recommendations.forms.mail_choice import MailChoiceForm
from recommendations.readers import choice_of, readers
from recommendations.views.papers import reader_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_digests(request: HttpRequest) -> HttpResponse:
    """The reader's own choice; an officer also says whether chief officers get copies."""
    person = reader_of(request)
    form = choice_form(request, person, by=person)
    if request.method == "POST" and form.is_valid():
        keep_choice(form, person, by=person)
        messages.success(request, "Your choice is kept.")
        return redirect("my_digests")
    context = {
        "form": form,
        "person": person,
        "is_reader": readers().filter(pk=person.pk).exists(),
        "bouncing_since": choice_of(person).bounces(person.email),
    }
    return render(request, "digests/mine.html", context)


def choice_form(request: HttpRequest, reader: User, *, by: User) -> MailChoiceForm:
    choice, body = choice_of(reader), reader.body
    mends = may(by, Permission.RUN_THE_MAIL)
    can_copy = body is not None and (mends or may_update(by, body))
    answer = MailChoiceForm.answer
    return MailChoiceForm(
        request.POST if request.method == "POST" else None,
        can_copy=can_copy,
        initial={
            "weekly": choice.weekly,
            "at_once": answer(choice.at_once),
            "copies": answer(body is not None and body.copies_to_chief_officers),
        },
    )


def keep_choice(form: MailChoiceForm, reader: User, *, by: User) -> None:
    now = timezone.now()
    choose_mail(
        reader=reader,
        weekly=form.cleaned_data["weekly"],
        at_once=form.is_yes("at_once"),
        by=by,
        at=now,
    )
    if "copies" in form.fields and reader.body is not None:
        copy_chief_officers(body=reader.body, wanted=form.is_yes("copies"), by=by, at=now)


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
