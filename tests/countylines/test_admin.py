import pytest
from django.conf import settings

from forces.models import Role
from tests.factories import InspectionFactory, UserFactory


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "forces/user/"])
def test_the_admin_does_not_exist_for_analysts(client, path):
    client.force_login(UserFactory())
    assert client.get(f"/{settings.ADMIN_PATH}/{path}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("is_synthetic", [True, False])
@pytest.mark.parametrize("path", ["", "forces/user/", "forces/body/?_popup=1"])
def test_the_admin_is_labelled_as_demonstration_and_leads_back(client, is_synthetic, path):
    InspectionFactory(is_synthetic=is_synthetic)
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    page = client.get(f"/{settings.ADMIN_PATH}/{path}").text
    assert ("Demonstration data." in page) == is_synthetic
    assert ('<a href="/">Back to the service</a>' in page) == ("_popup" not in path)
