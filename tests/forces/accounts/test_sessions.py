"""A change of access ends all sessions of a person."""

import pytest

from forces.models import Role
from tests.factories import (
    ForceFactory,
)
from tests.forces.accounts.factors import is_signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", ["role", "body", "left"])
def test_a_change_of_access_ends_the_session(signed_in, officer, change):
    assert is_signed_in(signed_in)
    if change == "role":
        officer.role = Role.CHIEF_OFFICER
    elif change == "body":
        officer.body = ForceFactory()
    else:
        officer.is_active = False
    officer.save()
    assert not is_signed_in(signed_in)


def test_a_change_of_name_does_not_end_the_session(signed_in, officer):
    officer.name = "Another Name"
    officer.save()
    assert is_signed_in(signed_in)
