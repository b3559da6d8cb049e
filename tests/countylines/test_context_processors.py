import pytest
from django.urls import reverse

from tests.factories import InspectionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_demonstration_data_are_labelled(client):
    client.force_login(UserFactory())
    InspectionFactory(is_synthetic=True)
    assert "Demonstration data" in client.get(reverse("help")).content.decode()


def test_real_data_have_no_such_label(client):
    InspectionFactory(is_synthetic=False)
    assert "Demonstration data" not in client.get(reverse("login")).content.decode()
