"""Analysts and administrators must set up a second factor before they can do anything else."""

import pytest
from django.urls import reverse

from forces.models import Role
from tests.factories import InspectionFactory, OfficerFactory, UserFactory
from tests.forces.accounts.factors import (
    type_password,
)
from tests.recommendations.api.conftest import token_of

pytestmark = pytest.mark.django_db


def test_an_analyst_without_one_is_redirected_from_all_pages(client, analyst):
    type_password(client, analyst)
    for path in ("/", "/heatmap/", "/forces/", "/reviews/", "/search/?q=x", "/audit/"):
        response = client.get(path)
        assert response.url == reverse("mfa_index"), path
    assert "Your role needs a second factor" in client.get(reverse("mfa_index")).text


def test_an_officer_does_not_need_one(client):
    InspectionFactory()
    officer = OfficerFactory()
    assert type_password(client, officer).url == reverse("force", args=[officer.body.slug])
    assert client.get("/heatmap/").status_code == 200
    assert client.get(reverse("mfa_index")).status_code == 200


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
def test_posts_are_redirected_too(client, role):
    InspectionFactory()
    client.force_login(UserFactory(role=role, has_second_factor=False))
    response = client.post("/digests/mine/", {"weekly": "never"})
    assert response.url == reverse("mfa_index")


def test_an_api_token_does_not_work_without_one(client, analyst):
    secret = token_of(analyst)
    response = client.get("/api/v1/bodies", headers={"Authorization": f"Bearer {secret}"})
    assert response.status_code == 401


def test_the_admin_redirects_too(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR, has_second_factor=False))
    assert client.get(reverse("admin:index")).url == reverse("mfa_index")
