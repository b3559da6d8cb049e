"""The data held about a person: the page, the download and the removal."""

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
from recommendations.exports.personal_data_file import personal_data_json, summary
from recommendations.rules import london_day


@get_or_post
def your_data(request: ReaderRequest) -> HttpResponse:
    """A summary of the data held about the signed-in person. POST downloads it."""
    return _data(request, request.user)


@get_or_post
@requires(Permission.MANAGE_PERSONAL_DATA)
def person_data(request: ReaderRequest, person_id: int) -> HttpResponse:
    """The same about anybody, for an administrator who answers their request."""
    return _data(request, _person(person_id))


@get_or_post
@requires(Permission.MANAGE_PERSONAL_DATA)
def person_remove(request: ReaderRequest, person_id: int) -> HttpResponse:
    """Remove a person, after a confirmation page."""
    person = _person(person_id)
    error = ""
    if request.method == "POST":
        try:
            remove_person(person=person, by=request.user, at=request.now)
        except Refusal as refusal:
            error = str(refusal)
        else:
            name = pseudonym(person)
            messages.success(request, f"The person has been removed. We now call them “{name}”.")
            return redirect("person", person.pk)
    context = {
        "person": person,
        "pseudonym": pseudonym(person),
        "held_data": summary(person),
        "refusal": error,
    }
    return render(request, "people/remove.html", context, status=409 if error else 200)


def _data(request: ReaderRequest, person: User) -> HttpResponse:
    if request.method == "POST":
        return _download(request, person)
    is_own = person.pk == request.user.pk
    context = {"person": person, "is_own": is_own, "held_data": summary(person)}
    return render(request, "people/data.html", context)


def _download(request: ReaderRequest, person: User) -> HttpResponse:
    """The file as a download. Its audit event comes first, so that the file includes it."""
    with transaction.atomic():
        audit.record(
            at=request.now,
            act="personal data handed out",
            actor=request.user,
            subject=person,
            body=person.body,
        )
        content = personal_data_json(person, at=request.now)
    response = HttpResponse(content, content_type="application/json")
    name = f"personal-data-{person.pk}-{london_day(request.now).isoformat()}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _person(person_id: int) -> User:
    return get_object_or_404(User.objects.select_related("body", "departure"), pk=person_id)
