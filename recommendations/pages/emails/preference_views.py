"""A reader's own email preferences, and the unsubscribe link of each email."""

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
from recommendations.actions.email_preferences import (
    set_chief_officer_copies,
    set_email_preferences,
    unsubscribe_reader,
)
from recommendations.emails import unsubscribe
from recommendations.emails.returned_emails import returned_emails_warning
from recommendations.pages.emails.absence_views import absence_part, save_absence
from recommendations.pages.emails.preference_forms import CopiesForm, EmailPreferencesForm
from recommendations.readers import ALERT_ROLES, preferences_of, readers
from recommendations.rules import london_day

COPIES = "copies"  # the `act` of the form for the whole body


@dataclass(frozen=True)
class PreferenceForms:
    """Two forms with a submit button each, so that saving one does not change the other."""

    form: EmailPreferencesForm
    copies_form: CopiesForm | None  # for people who may change it for the reader's body


@get_or_post
def my_digests(request: ReaderRequest) -> HttpResponse:
    """The reader's own preferences and absence; for officers, copies for chief officers."""
    person = request.user
    forms, absence = preference_forms(request, person), absence_part(request, person)
    if save_absence(request, absence, person) or save_preferences(
        request, forms, person, success_message="Your email preferences have been saved."
    ):
        return redirect("email_preferences")
    context = {
        "form": forms.form,
        "copies_form": forms.copies_form,
        "absence": absence,
        "person": person,
        "is_reader": readers(on=london_day(request.now)).filter(pk=person.pk).exists(),
        "warning": returned_emails_warning(person, on=london_day(request.now)),
    }
    return render(request, "emails/preferences.html", context)


def preference_forms(request: ReaderRequest, reader: User) -> PreferenceForms:
    """Return the forms for this reader, the submitted one bound."""
    data, act = form_data(request), request.POST.get("act")
    body, has_alerts = reader.body, reader.role in ALERT_ROLES
    form = EmailPreferencesForm(
        None if act else data, choice=preferences_of(reader), has_alerts=has_alerts
    )
    if body is None or not (
        may(request.user, Permission.MANAGE_EMAILS) or may_update(request.user, body)
    ):
        return PreferenceForms(form, None)
    copies = CopiesForm(data if act == COPIES else None, is_copied=body.copies_to_chief_officers)
    return PreferenceForms(form, copies)


def save_preferences(
    request: ReaderRequest, forms: PreferenceForms, reader: User, *, success_message: str
) -> bool:
    """Save the submitted form and show a message; return False if a page is to be shown instead."""
    copies, by, at = forms.copies_form, request.user, request.now
    if forms.form.is_valid():
        set_email_preferences(reader=reader, by=by, at=at, **forms.form.values)
        messages.success(request, success_message)
        return True
    if copies is None or reader.body is None or not copies.is_valid():
        return False
    wanted, shown = copies.is_yes("copies"), copies.is_yes("shown")
    try:
        set_chief_officer_copies(body=reader.body, wanted=wanted, shown=shown, by=by, at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        outcome = "will" if wanted else "will not"
        name = reader.body.short_name
        messages.success(request, f"Chief officers at {name} {outcome} get the weekly email.")
    return True


@login_not_required
@csrf_exempt  # an email client posts it (RFC 8058); the signed address is the permission
@get_or_post
def digests_leave(request: ServiceRequest, token: str) -> HttpResponse:
    """A GET asks and changes nothing, because scanners follow links. A POST unsubscribes.

    A link from before the reader's latest choice of these emails does nothing.
    """
    try:
        link = unsubscribe.read_token(token)
    except LookupError:
        raise Http404 from None
    reader = get_object_or_404(User.objects.select_related("body"), pk=link.reader_id)
    is_weekly = link.stream == unsubscribe.WEEKLY
    if request.method == "POST":
        unsubscribe_reader(reader=reader, is_weekly=is_weekly, version=link.version, at=request.now)
    choice = preferences_of(reader)
    context = {
        "is_weekly": is_weekly,
        "is_done": request.method == "POST",
        "is_outdated": choice.version(is_weekly=is_weekly) != link.version,
    }
    return render(request, "emails/unsubscribe.html", context)
