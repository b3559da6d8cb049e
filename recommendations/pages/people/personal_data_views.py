"""What is held on a person: shown, taken away as a file, and taken out of the service."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from forces import audit
from forces.http import ReaderRequest, get_or_post
from forces.models import User
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations.actions.remove_person import pseudonym, remove_person
from recommendations.exports.personal_data_file import personal_file, summary
from recommendations.rules import london_day


@get_or_post
def your_data(request: ReaderRequest) -> HttpResponse:
    """Everybody's own: a visit tells, a POST hands the file out."""
    return _data(request, request.user)


@get_or_post
@requires(Permission.ANSWER_FOR_DATA)
def person_data(request: ReaderRequest, person_id: int) -> HttpResponse:
    """The same of anybody, for an administrator who answers their request."""
    return _data(request, _find(person_id))


@get_or_post
@requires(Permission.ANSWER_FOR_DATA)
def person_remove(request: ReaderRequest, person_id: int) -> HttpResponse:
    """Says what will happen, and on a POST lets it happen."""
    person = _find(person_id)
    refusal = ""
    if request.method == "POST":
        try:
            remove_person(person=person, by=request.user, at=request.now)
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


def _data(request: ReaderRequest, person: User) -> HttpResponse:
    if request.method == "POST":
        return _file(request, person)
    context = {
        "person": person,
        "is_own": person.pk == request.user.pk,
        "kept": summary(person),
    }
    return render(request, "people/data.html", context)


def _file(request: ReaderRequest, person: User) -> HttpResponse:
    """In one view of the database; that it was handed out is the first thing that it tells."""
    with transaction.atomic():
        audit.record(
            at=request.now,
            act="personal data handed out",
            actor=request.user,
            subject=person,
            body=person.body,
        )
        content = personal_file(person, at=request.now)
    response = HttpResponse(content, content_type="application/json")
    name = f"personal-data-{person.pk}-{london_day(request.now).isoformat()}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _find(person_id: int) -> User:
    return get_object_or_404(User.objects.select_related("body", "departure"), pk=person_id)
