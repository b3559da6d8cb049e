"""A name means one organisation, however it is written, or it is refused with a suggestion."""

import pytest
from django.core.management import call_command

from forces.models import Body
from recommendations.imports.organisations import OrganisationNames
from recommendations.register.organisation_names import OTHER_NAMES

pytestmark = pytest.mark.django_db


@pytest.fixture
def names() -> OrganisationNames:
    call_command("load_register")
    return OrganisationNames(Body.objects.assignable())


def test_names_are_found_in_all_their_forms(names):
    for slug, text in (
        ("kent", "KENT  police"),
        ("kent", "Kent Constabulary"),
        ("kent", "Kent Police Service"),
        ("kent", "\ufeffKent\N{NO-BREAK SPACE}"),
        ("devon-and-cornwall", "Devon & Cornwall"),
        ("devon-and-cornwall", "Devon and Cornwall Constabulary"),
        ("avon-and-somerset", "Avon + Somerset Police"),
        ("dyfed-powys", "Dyfed Powys"),
        ("dyfed-powys", "Dyfed \N{EN DASH} Powys Police"),
        ("dyfed-powys", "dyfed\N{NON-BREAKING HYPHEN}powys"),
        ("hampshire", "Hampshire Constabulary"),
        ("hampshire", "Hampshire & Isle of Wight Constabulary"),
        ("greater-manchester", "GMP"),
        ("greater-manchester", "G.M.P."),
        ("metropolitan", "the Met"),
        ("metropolitan", "Metropolitan Police"),
        ("metropolitan", "MPS"),
        ("british-transport-police", "BTP"),
        ("british-transport-police", "British Transport Police"),
        ("npcc", "National Police Chiefs\u2019 Council"),
        ("npcc", "National Police Chiefs Council"),
        ("nclcc", "National County Lines Coordination Centre"),
        ("north-wales", "Heddlu Gogledd Cymru"),
        ("north-wales", "North Wales Police / Heddlu Gogledd Cymru"),
        ("greater-manchester", "Greater Manchester Police (GMP)"),
    ):
        found = names.find(text)
        assert found is not None, text
        assert found.slug == slug


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Avon and Somerst", "Did you mean Avon and Somerset?"),
        ("Northumbira Police", "Did you mean Northumbria?"),
        ("Yorkshire", "“Yorkshire” is not a recognised organisation"),
        ("WMP", "“WMP” can be West Mercia or West Midlands. Enter the full name"),
        ("Surrey/Sussex", "“Surrey/Sussex” is not a recognised organisation"),
        ("PSNI", "“PSNI” is not a recognised organisation"),
        ("Police", "“Police” is not a recognised organisation"),
        ("Home Office Police", "is not a recognised organisation"),
        ("Police and Crime Commissioner for Kent", "is not a recognised organisation"),
        ("x" * 30_000, f"“{'x' * 60}” is not"),
    ],
)
def test_other_names_are_refused_and_never_guessed(names, text, error):
    assert names.find(text) is None
    assert error in names.error(text)


def test_every_other_name_is_of_an_organisation_in_the_register(names):
    assert set(OTHER_NAMES) <= set(Body.objects.values_list("slug", flat=True))
