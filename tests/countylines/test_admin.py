import pytest
from django.conf import settings

from tests.factories import UserFactory


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "forces/user/"])
def test_the_admin_does_not_exist_for_analysts(client, path):
    client.force_login(UserFactory())
    assert client.get(f"/{settings.ADMIN_PATH}/{path}").status_code == 404
