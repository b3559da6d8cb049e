import re
import time

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from countylines.observability.secrets_filter import SecretsFilter

PUBLIC_SENTENCES = [
    "Outbox email 12 was rejected.",
    "GET /forces/kent/5/update/ 200",
    "flag_overdue: 3 flags raised, 2 cleared",
    "Task recommendations.tasks.send_mail[0b7e4b52-3c1f-4a52-9f61-3d1a34c1f001] received",
    "/evidence/0b7e4b52-3c1f-4a52-9f61-3d1a34c1f001/",
    "Connected to redis://redis:6379/0",
    "celery@9f1d2c ready.",
]


@pytest.mark.parametrize("sentence", PUBLIC_SENTENCES)
def test_text_without_secrets_is_not_changed(sentence):
    assert SecretsFilter().hide(sentence) == sentence


@pytest.mark.parametrize("part", ["a", "a.", "/", "token", "eyJ", "://", "a@", "?", "\"'", "Aa1-"])
def test_a_long_line_chosen_by_a_stranger_is_read_quickly(part):
    started = time.process_time()
    SecretsFilter().hide(part * (100_000 // len(part)))
    assert time.process_time() - started < 2


def test_every_url_that_contains_a_secret_is_hidden():
    """Fails for a new URL with a token that the filter does not know."""
    routes = [route for route in _routes(get_resolver(), "") if _has_secret(route)]
    assert len(routes) >= 3
    for route in routes:
        path = "/" + re.sub(r"<[^>]+>", "opensesame", route)
        assert "opensesame" not in SecretsFilter().hide(f"GET {path} 200"), route


def _has_secret(route: str) -> bool:
    return bool(re.search(r"<(?:\w+:)?(?:token|secret|uidb64|key)>", route)) and not re.search(
        r"<(?:uuid|int):key>|^dev/", route
    )


def _routes(resolver: URLResolver, prefix: str) -> list[str]:
    routes = []
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        routes += _routes(pattern, route) if isinstance(pattern, URLResolver) else [route]
    return routes
