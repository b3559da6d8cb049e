"""The pages of one's own sessions: where one is signed in, ending them, staying signed in."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from forces import audit
from forces.accounts.second_factor_middleware import does_not_need_second_factor
from forces.accounts.session_limits import remaining
from forces.accounts.sessions import end_sessions
from forces.http import ReaderRequest, get_or_post
from forces.models import User


@does_not_need_second_factor
@get_or_post
def sessions(request: ReaderRequest) -> HttpResponse:
    """Where the person is signed in. POST ends one of them, or all but this one."""
    person = request.user
    if request.method == "POST":
        ended = _end(request, person)
        words = "is signed out" if ended == 1 else "are signed out"
        messages.success(request, f"{ended} other {'device' if ended == 1 else 'devices'} {words}.")
        return redirect("sessions")
    current = request.session.session_key
    rows = [
        {"session": session, "is_current": session.session_key == current}
        for session in UserSession.objects.purge_and_list(person)
    ]
    rows.sort(key=lambda row: (not row["is_current"], -row["session"].created_at.timestamp()))
    return render(request, "accounts/sessions.html", {"rows": rows, "others": len(rows) > 1})


def _end(request: ReaderRequest, person: User) -> int:
    which = request.POST.get("session", "")
    if which == "all":
        ended = end_sessions(person, but=request.session.session_key or "")
    else:
        is_key = which.isascii() and which.isdecimal() and len(which) < 19
        mine = UserSession.objects.filter(user=person, pk=which if is_key else None)
        ended = 0
        for session in mine.exclude(session_key=request.session.session_key):
            session.end()
            ended += 1
    if ended:
        audit.record(
            at=request.now,
            act="sessions ended",
            actor=person,
            subject=person,
            body=person.body,
            count=ended,
        )
    return ended


@does_not_need_second_factor
@require_POST
def extend(request: ReaderRequest) -> JsonResponse:
    """An act like any other: the session lasts another half hour, twelve hours in all."""
    request.session["seen_at"] = int(request.now.timestamp())
    return _remaining(request)


@does_not_need_second_factor
@require_safe
def left(request: ReaderRequest) -> JsonResponse:
    """How long the session lasts: another tab may have extended it. No act by itself."""
    return _remaining(request)


def _remaining(request: ReaderRequest) -> JsonResponse:
    left = remaining(request, now=request.now.timestamp())
    return JsonResponse({"seconds": left.seconds, "can_be_extended": left.can_be_extended})
