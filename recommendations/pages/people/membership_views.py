"""The organisations that a person acts for: the history, and forms to add and end one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from forces.accounts.memberships import add_membership, end_membership
from forces.http import ReaderRequest, get_or_post
from forces.models import Body, Membership, Role, User
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations.forms.date_input import DateInputField
from recommendations.rules import london_day

_ROLES = [(role.value, role.label) for role in Role if role != Role.ADMINISTRATOR]


class MembershipForm(forms.Form):
    """Another organisation, the role there, and the first and last day."""

    design = {"*": {"label_size": "s"}}

    body = forms.ModelChoiceField(
        Body.objects.existing().order_by("short_name"),
        label="Organisation",
        required=False,
        empty_label="None",
        help_text="Not for analysts. Optional for observers.",
    )
    role = forms.ChoiceField(
        choices=_ROLES,
        label="Role",
        widget=forms.RadioSelect,
        error_messages={"required": "Select a role"},
    )
    from_on = DateInputField(subject="First day", label="First day")
    until_on = DateInputField(
        subject="Last day",
        label="Last day (optional)",
        required=False,
        help_text="Access ends at the end of this day.",
    )


class EndForm(forms.Form):
    """When a membership ends."""

    design = {"*": {"label_size": "s"}}

    until_on = DateInputField(
        subject="Last day",
        label="Last day (optional)",
        required=False,
        help_text="Access ends at the end of this day. Leave it empty to end it now.",
    )


@get_or_post
@requires(Permission.MANAGE_PEOPLE)
def person_memberships(request: ReaderRequest, person_id: int) -> HttpResponse:
    """The memberships of a person. POST adds one, or with `end` ends that one."""
    person = get_object_or_404(User.objects.select_related("body"), pk=person_id)
    ending = _ending(request, person)
    form: forms.Form = EndForm() if ending else MembershipForm()
    if request.method == "POST":
        form = EndForm(request.POST) if ending else MembershipForm(request.POST)
        if form.is_valid() and _save(request, person, ending, form):
            return redirect("person_memberships", person.pk)
    newest_end_first = F("ended_at").desc(nulls_first=True)
    rows = person.memberships.select_related("body").order_by(
        newest_end_first, "-is_main", "-from_on"
    )
    context: dict[str, Any] = {
        "person": person,
        "rows": [_row(row, request) for row in rows],
        "form": form,
        "ending": ending,
        "may_change": person.is_active,
    }
    return render(request, "people/memberships.html", context)


def _ending(request: ReaderRequest, person: User) -> Membership | None:
    """Return the membership that is to be ended, or None. Raises Http404 for any other key."""
    fields = request.POST if request.method == "POST" else request.GET
    key = fields.get("end", "")
    if not key:
        return None
    rows = person.memberships.open().select_related("body", "person")
    row = next((row for row in rows if str(row.pk) == key), None)
    if row is None:
        raise Http404
    return row


def _save(
    request: ReaderRequest, person: User, ending: Membership | None, form: forms.Form
) -> bool:
    """Add or end the membership; False if that is refused, with the reason in the form."""
    fields = {**form.cleaned_data, "by": request.user, "at": request.now}
    try:
        if ending is not None:
            end_membership(membership=ending, **fields)
            text = f"Saved when {person.name} stops acting for {ending.label}."
        else:
            membership = add_membership(person=person, **fields)
            text = f"{person.name} can act for {membership.label}."
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, text)
    return True


def _row(membership: Membership, request: ReaderRequest) -> dict[str, Any]:
    on = london_day(request.now)
    if membership.ended_at is not None:
        status = "Ended"
    elif membership.is_current(on=on):
        status = "Main" if membership.is_main else "Current"
    else:
        status = "Not started" if membership.from_on > on else "Ended"
    ended_on = london_day(membership.ended_at) if membership.ended_at else membership.until_on
    return {
        "membership": membership,
        "status": status,
        "until": membership.until_on if not membership.ended_at else ended_on,
        "can_end": membership.ended_at is None and membership.person_id != request.user.pk,
    }
