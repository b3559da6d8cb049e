"""Demonstration users need no second factor in development, on the service's own machine only."""

import pytest
from django.test import Client

from tests.factories import InspectionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(settings):
    settings.DEMONSTRATION_SIGN_INS = True
    InspectionFactory(is_synthetic=True)
    return UserFactory(has_second_factor=False, email="analyst@example.org")


def status(analyst, **client) -> int:
    browser = Client(**client)
    browser.force_login(analyst)
    return browser.get("/heatmap/").status_code


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
def test_a_request_from_this_machine_does_not_need_it(analyst, address):
    assert status(analyst, REMOTE_ADDR=address) == 200


@pytest.mark.parametrize("email", ["A.Officer@Kent.Example.ORG", "officer@kent.example.org"])
def test_an_address_of_a_demonstration_force_counts(analyst, email):
    analyst.email = email
    analyst.save()
    assert status(analyst) == 200


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "", "localhost", "::ffff:10.0.0.1"])
def test_another_machine_needs_the_second_factor(analyst, address):
    assert status(analyst, REMOTE_ADDR=address) == 302


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_a_request_through_a_proxy_needs_the_second_factor(analyst, header):
    assert status(analyst, headers={header: "127.0.0.1"}) == 302


@pytest.mark.parametrize(
    "email", ["jo@kent.police.uk", "jo@notexample.org", "jo@example.org.uk", "example.org@test.uk"]
)
def test_a_real_user_needs_the_second_factor(analyst, email):
    analyst.email = email
    analyst.save()
    assert status(analyst) == 302


def test_nobody_skips_the_second_factor_outside_development(analyst, settings):
    settings.DEMONSTRATION_SIGN_INS = False
    assert status(analyst) == 302
