from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from forces.models import User
from recommendations.actions.api_tokens import create_token

Ask = Callable[..., Any]


@pytest.fixture
def ask() -> Ask:
    """`ask(person, "bodies", limit=2)`: the response of the API to the person's token."""
    secrets: dict[int, str] = {}

    def get(person: User, path: str, *, headers: dict[str, str] | None = None, **query: Any):
        if person.pk not in secrets:
            secrets[person.pk] = token_of(person)
        bearer = {"Authorization": f"Bearer {secrets[person.pk]}"}
        return Client().get(f"/api/v1/{path}", query, headers=bearer | (headers or {}))

    return get


def token_of(person: User, *, name: str = "tests") -> str:
    """Return the secret of a new token."""
    token = create_token(name=name, lasts=timedelta(days=30), by=person, at=timezone.now())
    return token.secret
