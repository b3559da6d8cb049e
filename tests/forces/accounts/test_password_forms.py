"""Saving a password changes nothing else."""

import threading

import pytest
from django.db import connection

from forces.accounts.password_forms import SetPasswordForm
from forces.models import Role, User
from tests.factories import (
    InspectionFactory,
    OfficerFactory,
)

pytestmark = pytest.mark.django_db
NEW = "violet otters juggle lanterns"


def test_saving_a_password_does_not_restore_role_or_access(officer):
    """An administrator closes the account while the person enters a new password."""
    stale = User.objects.get(pk=officer.pk)
    User.objects.filter(pk=officer.pk).update(is_active=False, role=Role.CHIEF_OFFICER)
    fields = {"new_password1": NEW, "new_password2": NEW}
    form = SetPasswordForm(stale, fields)
    assert form.is_valid(), form.errors
    form.save()
    officer.refresh_from_db()
    assert (officer.is_active, officer.role) == (False, Role.CHIEF_OFFICER)
    assert officer.check_password(NEW)


@pytest.mark.django_db(transaction=True)
def test_saving_a_password_does_not_undo_a_simultaneous_change():
    InspectionFactory()
    officer = OfficerFactory()
    form = SetPasswordForm(officer, {"new_password1": NEW, "new_password2": NEW})
    assert form.is_valid()
    start = threading.Barrier(2)

    def save() -> None:
        start.wait()
        form.save()
        connection.close()

    def close_account() -> None:
        start.wait()
        User.objects.filter(pk=officer.pk).update(is_active=False)
        connection.close()

    threads = [threading.Thread(target=action) for action in (save, close_account)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    officer.refresh_from_db()
    assert not officer.is_active
