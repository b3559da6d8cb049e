"""Which of their memberships somebody acts for: kept on the session, and chosen in the header."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from forces.accounts.memberships import (
    SESSION_KEY,
    current_memberships,
    end_due_memberships,
    record_switch,
)
from forces.accounts.second_factor import second_factor_exempt
from forces.http import ReaderRequest, ServiceRequest
from forces.models import User

ENDED = "You can no longer act for the organisation that you had chosen. You now act for {}."


class ActingMiddleware(MiddlewareMixin):
    """Lets `request.user` have the role and organisation of the membership that was chosen.

    One query, and only for people with more than one membership or one that ends. Must come after
    the messages and before views. Without a main membership the person is signed out, as when
    their role changes: the sign-in page carries what they typed.
    """

    def process_request(self, request: ServiceRequest) -> None:
        person = request.user
        if not isinstance(person, User):
            return
        if not person.has_other_memberships and SESSION_KEY not in request.session:
            return
        current = current_memberships(person, at=request.now)
        if not current or not current[0].is_main:
            end_due_memberships(at=request.now, person=person)
            logout(request)
            return
        if len(current) > 1:
            person.choices = current
        chosen = request.session.get(SESSION_KEY)
        membership = next((row for row in current if row.pk == chosen), current[0])
        person.act_for(membership)
        if chosen is not None and membership.pk != chosen:
            del request.session[SESSION_KEY]
            messages.warning(request, ENDED.format(membership.label))


@second_factor_exempt
@require_POST
def act_for(request: ReaderRequest) -> HttpResponse:
    """Act for the membership in the POST from now on, and return to the page in `next`.

    Forms that are open in other tabs are no longer accepted: what they would save was meant for
    another organisation. Their text is shown for copying (`countylines.views.csrf_failure`).
    """
    key = request.POST.get("membership", "")
    membership = next((row for row in request.user.choices if str(row.pk) == key), None)
    if membership is None:
        raise Http404
    request.session[SESSION_KEY] = membership.pk
    rotate_token(request)
    record_switch(person=request.user, membership=membership, at=request.now)
    messages.success(request, f"You now act for {membership.label}.")
    url = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
    return redirect(url if is_ours and url.startswith("/") else "/")
