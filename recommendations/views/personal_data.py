"""What is held on a person: shown, taken away as a file, and taken out of the service."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from forces import audit
from forces.models import User
from forces.permissions import Permission, may
from forces.refusal import Refusal
from recommendations.actions.remove_person import pseudonym, remove_person
from recommendations.exports.personal_file import personal_file, summary
from recommendations.rules import london_day
from recommendations.views.papers import reader_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def your_data(request: HttpRequest) -> HttpResponse:
    """Everybody's own: a visit tells, a POST hands the file out."""
    return _data(request, reader_of(request))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_data(request: HttpRequest, person_id: int) -> HttpResponse:
    """The same of anybody, for an administrator who answers their request."""
    _administrator(request)
    return _data(request, _find(person_id))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person_remove(request: HttpRequest, person_id: int) -> HttpResponse:
    """Says what will happen, and on a POST lets it happen."""
    administrator, person = _administrator(request), _find(person_id)
    refusal = ""
    if request.method == "POST":
        try:
            remove_person(person=person, by=administrator, at=timezone.now())
        except Refusal as reason:
            refusal = str(reason)
        else:
            name = pseudonym(person)
            messages.success(request, f"The person is removed, and stands as “{name}” from now on.")
            return redirect("person", person.pk)
    context = {
        "person": person,
        "pseudonym": pseudonym(person),
        "kept": summary(person),
        "refusal": refusal,
    }
    return render(request, "people/remove.html", context, status=409 if refusal else 200)


def _data(request: HttpRequest, person: User) -> HttpResponse:
    if request.method == "POST":
        return _file(request, person)
    context = {
        "person": person,
        "is_own": person.pk == reader_of(request).pk,
        "kept": summary(person),
    }
    return render(request, "people/data.html", context)


def _file(request: HttpRequest, person: User) -> HttpResponse:
    """In one view of the database; that it was handed out is the first thing that it tells."""
    now = timezone.now()
    with transaction.atomic():
        audit.record(
            at=now,
            act="personal data handed out",
            actor=reader_of(request),
            subject=person,
            body=person.body,
        )
        content = personal_file(person, at=now)
    response = HttpResponse(content, content_type="application/json")
    name = f"personal-data-{person.pk}-{london_day(now).isoformat()}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _find(person_id: int) -> User:
    return get_object_or_404(User.objects.select_related("body", "departure"), pk=person_id)


def _administrator(request: HttpRequest) -> User:
    if not may(request.user, Permission.ANSWER_FOR_DATA):
        raise Http404
    return reader_of(request)
