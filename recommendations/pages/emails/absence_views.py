"""Absences and stand-ins: a part of the pages of email preferences and of a person."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404

from forces.http import ReaderRequest
from forces.models import User
from forces.refusal import Refusal
from recommendations.absences import (
    Away,
    absence_of,
    named_for,
    possible_stand_ins,
    standing_in,
)
from recommendations.actions.absences import decline_to_stand_in, end_absence, set_absence
from recommendations.pages.emails.absence_forms import AbsenceForm
from recommendations.rules import london_day

SET, END, DECLINE = "absence", "back", "decline"  # the `act` of each form


@dataclass(frozen=True, kw_only=True)
class AbsencePart:
    """What the page shows; `stands_in_for` has a sentence and the key of each person."""

    form: AbsenceForm
    away: Away | None
    sentence: str
    has_colleagues: bool
    stands_in_for: list[tuple[str, int]]
    is_own: bool


def absence_part(request: ReaderRequest, person: User) -> AbsencePart:
    """Return the part about this person, the submitted form bound; at most 6 queries."""
    on = london_day(request.now)
    away = absence_of(person, on=on)
    people = possible_stand_ins(person, on=max(on, away.from_on) if away else on)
    is_own = person.pk == request.user.pk
    data = request.POST if request.POST.get("act") == SET else None
    return AbsencePart(
        form=AbsenceForm(data, people=people, away=away),
        away=away,
        sentence=away.describe(on=on, is_reader=is_own) if away else "",
        has_colleagues=bool(people),
        stands_in_for=[
            (standing_in([found], on=on) if is_own else found.describe(on=on), found.person_id)
            for found in named_for(person, on=on)
        ],
        is_own=is_own,
    )


def save_absence(request: ReaderRequest, part: AbsencePart, person: User) -> bool:
    """Save what was submitted and show a message; False if a page is to be shown instead."""
    act, by, at = request.POST.get("act"), request.user, request.now
    if act == END:
        end_absence(person=person, by=by, at=at)
        messages.success(request, "The absence has been ended.")
        return True
    if act == DECLINE and part.is_own:
        _decline(request)
        return True
    if act != SET or not part.form.is_valid():
        return False
    try:
        set_absence(person=person, by=by, at=at, **part.form.cleaned_data)
    except Refusal as refusal:
        part.form.add_error(None, str(refusal))
        return False
    messages.success(request, "The absence has been saved.")
    return True


def _decline(request: ReaderRequest) -> None:
    """Decline to stand in for the person in `person`. Raises Http404 for anybody else."""
    key, on = request.POST.get("person", ""), london_day(request.now)
    away = next((a for a in named_for(request.user, on=on) if str(a.person_id) == key), None)
    if away is None:
        raise Http404
    decline_to_stand_in(person=User(pk=away.person_id), by=request.user, at=request.now)
    messages.success(request, f"You do not stand in for {away.person}. They get an email.")
