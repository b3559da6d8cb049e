import re

import pytest
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_the_policy_forbids_inline_styles_scripts_and_other_hosts(client):
    policy = client.get(reverse("login"))["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style-src 'self'" in policy
    assert re.search(r"script-src 'self' 'nonce-[^']+'", policy)
    assert not re.search(r"https?://", policy)


def test_browsers_do_not_store_pages(client):
    client.force_login(UserFactory())
    response = client.get(reverse("recommendations"))
    assert "no-store" in response["Cache-Control"]
    assert "HX-Request" in response["Vary"]
