"""When a person is away, and who stands in for them."""

from collections.abc import Iterable
from typing import Any

from django import forms

from forces.models import User
from recommendations.absences import Away
from recommendations.forms.date_input import DateInputField


class AbsenceForm(forms.Form):
    """The first and last day of an absence, and one of the `people` who can stand in."""

    design = {"*": {"label_size": "s"}}

    from_on = DateInputField(subject="First day away", label="First day away")
    until_on = DateInputField(subject="Last day away", label="Last day away")
    stand_in = forms.ChoiceField(
        label="Stand-in",
        required=False,
        error_messages={"invalid_choice": "Select a stand-in from the list"},
    )

    def __init__(self, data: Any, *, people: Iterable[User], away: Away | None) -> None:
        initial: dict[str, object] = {}
        if away:
            initial = {
                "from_on": away.from_on,
                "until_on": away.until_on,
                "stand_in": away.stand_in_id or "",
            }
        super().__init__(data, initial=initial)
        self._people = {str(person.pk): person for person in people}
        choices = [(key, person.name) for key, person in self._people.items()]
        self.fields["stand_in"].choices = [("", "Nobody"), *choices]  # type: ignore[attr-defined]

    def clean_stand_in(self) -> User | None:
        return self._people.get(self.cleaned_data["stand_in"])
