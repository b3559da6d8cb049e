"""The sign-ins of `make run`: without a second factor on this machine, with made-up data, only."""

import pytest
from django.test import Client

from tests.factories import InspectionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(settings):
    settings.DEMONSTRATION_SIGN_INS = True
    return UserFactory(has_second_factor=False)


def status(analyst, **client) -> int:
    browser = Client(**client)
    browser.force_login(analyst)
    return browser.get("/heatmap/").status_code


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
def test_on_this_machine(analyst, address):
    InspectionFactory(is_synthetic=True)
    assert status(analyst, REMOTE_ADDR=address) == 200


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "", "localhost", "::ffff:10.0.0.1"])
def test_not_from_another(analyst, address):
    InspectionFactory(is_synthetic=True)
    assert status(analyst, REMOTE_ADDR=address) == 302


def test_not_through_a_proxy(analyst):
    InspectionFactory(is_synthetic=True)
    assert status(analyst, headers={"X-Forwarded-For": "127.0.0.1"}) == 302


def test_not_with_real_data(analyst):
    InspectionFactory(is_synthetic=False)
    assert status(analyst) == 302


def test_not_without_any_data(analyst):
    assert status(analyst) == 302


def test_not_outside_development(analyst, settings):
    settings.DEMONSTRATION_SIGN_INS = False
    InspectionFactory(is_synthetic=True)
    assert status(analyst) == 302
