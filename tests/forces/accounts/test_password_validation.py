"""Short, long and common passwords are refused."""

import pytest
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def test_a_short_password_is_refused(client):
    user = UserFactory()
    client.force_login(user)
    fields = {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    page = client.post(reverse("password_change"), fields).content.decode()
    assert "at least 12 characters" in page


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "county lines 2020",
        "qwertyuiop12",
        "P@ssw0rd2024",
        "aaaaaaaaaaaa",
        "x" * 129,
    ],
)
def test_a_long_or_common_password_is_refused(client, password):
    user = UserFactory()
    client.force_login(user)
    fields = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    client.post(reverse("password_change"), fields)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
