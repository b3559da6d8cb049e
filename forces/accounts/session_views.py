"""The page of a person's sessions, and the endpoints that extend the current one."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from forces import audit
from forces.accounts.second_factor import second_factor_exempt
from forces.accounts.sessions import end_sessions, live_sessions, remaining
from forces.http import ReaderRequest, get_or_post


@second_factor_exempt
@get_or_post
def sessions(request: ReaderRequest) -> HttpResponse:
    """Where the person is signed in. POST ends one session, or all but the current one."""
    if request.method == "POST":
        count = _end(request)
        subject = "1 other device has" if count == 1 else f"{count} other devices have"
        messages.success(request, f"{subject} been signed out.")
        return redirect("sessions")
    current = request.session.session_key
    rows = [
        {"session": session, "is_current": session.session_key == current}
        for session in live_sessions(request.user, at=request.now)
    ]
    rows.sort(key=lambda row: (not row["is_current"], -row["session"].created_at.timestamp()))
    return render(request, "accounts/sessions.html", {"rows": rows, "others": len(rows) > 1})


def _end(request: ReaderRequest) -> int:
    """End the sessions chosen in the POST; how many there were."""
    person, choice = request.user, request.POST.get("session", "")
    current = request.session.session_key or ""
    if choice == "all":
        count = end_sessions(person, except_key=current)
    else:
        is_key = choice.isascii() and choice.isdecimal() and len(choice) < 19
        own = UserSession.objects.filter(user=person, pk=choice if is_key else None)
        chosen = list(own.exclude(session_key=current))
        for session in chosen:
            session.end()
        count = len(chosen)
    if count:
        audit.record(
            at=request.now,
            act="sessions ended",
            actor=person,
            subject=person,
            body=person.body,
            count=count,
        )
    return count


@second_factor_exempt
@require_POST
def extend(request: ReaderRequest) -> JsonResponse:
    """Extend the session as any other action does: by 30 minutes, up to 12 hours in all."""
    request.session["seen_at"] = int(request.now.timestamp())
    return _remaining(request)


@second_factor_exempt
@require_safe
def time_left(request: ReaderRequest) -> JsonResponse:
    """How long the session lasts, without extending it. Another tab may have extended it."""
    return _remaining(request)


def _remaining(request: ReaderRequest) -> JsonResponse:
    return JsonResponse(remaining(request, now=request.now.timestamp())._asdict())
