"""Every kind of data has a retention rule, and the privacy page shows all of them."""

import pytest
from django.apps import apps
from django.urls import reverse

from recommendations.retention.rules_table import RULES
from tests.recommendations.pages.pages import text_of

DJANGO_MODELS = {"auth.Permission", "auth.Group", "contenttypes.ContentType"}  # not our data


def test_every_model_has_a_rule():
    """A new model belongs in `recommendations/retention/rules_table.py`."""
    covered = {model._meta.label for rule in RULES for model in rule.of}
    assert covered == {model._meta.label for model in apps.get_models()} - DJANGO_MODELS


def test_a_rule_with_a_period_has_a_start_and_something_to_remove():
    for rule in RULES:
        assert bool(rule.lasts) == bool(rule.expiries) == bool(rule.since), rule.what


@pytest.mark.django_db
def test_the_privacy_page_shows_every_rule(client):
    page = text_of(client.get(reverse("privacy")))
    assert all(text in page for rule in RULES for text in (rule.what, rule.period, rule.why))
