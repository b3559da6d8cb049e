"""Each kind of data has a rule, and each rule says how long and why."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse

from recommendations.retention.rule import Rule
from recommendations.retention.rules_table import RULES
from tests.recommendations.pages.pages import text_of

OF_DJANGO = {"auth.Permission", "auth.Group", "contenttypes.ContentType"}  # hold no data of ours


def test_every_model_has_a_rule():
    """A new model belongs in `recommendations/retention/rules_table.py`."""
    covered = {model._meta.label for rule in RULES for model in rule.of}
    assert covered == {model._meta.label for model in apps.get_models()} - OF_DJANGO


def test_what_is_kept_for_a_time_is_let_go_and_the_rest_is_not():
    for rule in RULES:
        assert bool(rule.lasts) == bool(rule.lapsing) == bool(rule.since), rule.what


@pytest.mark.parametrize(
    ("lasts", "words"),
    [
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=12), "12 hours"),
        (timedelta(days=7), "7 days"),
        (timedelta(days=365), "1 year"),
        (timedelta(days=730), "2 years"),
    ],
)
def test_a_time_is_told_in_the_largest_unit_that_fits(lasts, words):
    rule = Rule(what="x", why="y", of=[], lasts=lasts, since="after it was made")
    assert rule.kept == f"{words} after it was made"


@pytest.mark.django_db
def test_the_privacy_page_states_every_rule(client):
    page = text_of(client.get(reverse("privacy")))
    assert all(words in page for rule in RULES for words in (rule.what, rule.kept, rule.why))
