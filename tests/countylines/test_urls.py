import re

import pytest
from django.urls import reverse

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["accessibility", "cookies", "privacy", "help", "security", "login"]
)
def test_the_public_pages_are_open_to_all(client, name):
    page = client.get(reverse(name))
    assert page.status_code == 200
    assert len(re.findall(r"<h1\b", page.content.decode())) == 1


def test_the_cookies_page_names_every_cookie_that_is_set(client):
    """Without https, as here, their names do not begin with `__Host-`."""
    person = UserFactory()
    client.get(reverse("login"))
    client.post(reverse("login"), {"login": person.email, "password": PASSWORD})
    client.get(reverse("your_data"))
    page = client.get(reverse("cookies")).content.decode()
    assert {"sessionid", "csrftoken", "device"} <= set(client.cookies)
    assert not [name for name in client.cookies if f"{name}</th>" not in page]
