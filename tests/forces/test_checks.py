"""A deployment is checked for a database role with excess privileges."""

import pytest
from django.db import connection

from forces.checks import check_database_role
from forces.database_roles import grant_access

ROLE = "application_of_the_tests"


@pytest.mark.django_db
def test_a_role_that_owns_the_tables_gets_a_warning():
    (warning,) = check_database_role(None, databases=["default"])
    assert warning.id == "forces.W001"


@pytest.mark.django_db
def test_the_application_s_role_gets_no_warning():
    grant_access(ROLE)
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
        assert check_database_role(None, databases=["default"]) == []
        cursor.execute("RESET ROLE")


def test_nothing_is_checked_without_a_database():
    assert check_database_role(None, databases=None) == []
