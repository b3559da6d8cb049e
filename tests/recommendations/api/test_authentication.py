"""A token gives the access of its person, until it is revoked or expires or the person leaves."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from forces.models import ApiToken, AuditEvent, User
from forces.refusal import Refusal
from recommendations.actions.api_tokens import MAX_TOKENS, create_token
from recommendations.api import authentication
from tests.recommendations.api.conftest import token_of
from tests.recommendations.pages.pages import text_of

LIST = "/api/v1/bodies"
ACCESS_CHANGES = {
    "password": {"password": "!another"},
    "role": {"role": "observer"},
    "no organisation": {"role": "observer", "body": None},
    "closed": {"is_active": False},
    "address": {"email": "somebody.else@example.org"},
}


@pytest.fixture(autouse=True)
def _no_requests_counted() -> None:
    caches["redis"].clear()


def get(secret: str, path: str = LIST, **options):
    return Client().get(path, headers={"Authorization": f"Bearer {secret}"}, **options)


class TestAuthentication:
    def test_a_missing_and_an_unknown_token_get_the_same_error(self, world):
        responses = [Client().get(LIST), get("clt_wrong"), get("")]
        assert [response.status_code for response in responses] == [401] * 3
        assert len({response.json()["detail"] for response in responses}) == 1

    def test_a_session_gives_no_access(self, world):
        browser = Client()
        browser.force_login(world.analyst)
        assert browser.get(LIST).status_code == 401

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_the_api_is_read_only(self, world, method):
        response = getattr(Client(), method)(LIST)
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")

    def test_an_unknown_address_gets_a_json_error(self, world):
        assert get(token_of(world.analyst), "/api/v1/nowhere").json()["detail"]

    def test_a_revoked_token_is_refused(self, world):
        secret = token_of(world.analyst)
        assert get(secret).status_code == 200
        ApiToken.objects.update(revoked_at=timezone.now())
        assert get(secret).status_code == 401

    def test_an_expired_token_is_refused(self, world):
        long_ago = timezone.now() - timedelta(days=40)
        token = create_token(name="old", lasts=timedelta(days=30), by=world.analyst, at=long_ago)
        assert get(token.secret).status_code == 401

    def test_the_token_of_a_deactivated_person_is_refused(self, world):
        secret = token_of(world.analyst)
        world.analyst.is_active = False
        world.analyst.save()
        assert get(secret).status_code == 401

    @pytest.mark.parametrize("change", ACCESS_CHANGES)
    def test_a_change_of_password_or_access_revokes_tokens_for_good(self, world, change):
        secret = token_of(world.officer)
        row = User.objects.filter(pk=world.officer.pk)
        before = row.values(*ACCESS_CHANGES[change]).get()
        row.update(**ACCESS_CHANGES[change])
        row.update(**before)
        assert get(secret).status_code == 401
        assert ApiToken.objects.get().revoked_at is not None

    @pytest.mark.parametrize("change", [{"name": "Kay New"}, {"email": "KAY.ENT@example.org"}])
    def test_other_changes_revoke_nothing(self, world, change):
        secret = token_of(world.officer)
        User.objects.filter(pk=world.officer.pk).update(**change)
        assert get(secret).status_code == 200

    def test_a_request_from_before_the_change_gets_no_token(self, world):
        stale = User.objects.get(pk=world.officer.pk)
        world.officer.set_password("another password")
        world.officer.save()
        with pytest.raises(Refusal, match="changed while you were working"):
            token_of(stale)

    def test_refusals_are_recorded_once_an_hour(self, world):
        for _ in range(3):
            get("clt_wrong")
        assert AuditEvent.objects.filter(act="API token refused").count() == 1
        assert "clt_wrong" not in str(list(AuditEvent.objects.values_list("details", flat=True)))

    def test_a_use_is_recorded_at_most_once_an_hour(self, world):
        secret = token_of(world.analyst)
        get(secret)
        first = ApiToken.objects.get().last_used_at
        get(secret)
        assert ApiToken.objects.get().last_used_at == first


class TestTokenPages:
    def test_a_token_is_shown_once_and_only_its_hash_is_stored(self, client, world):
        client.force_login(world.officer)
        url = reverse("api_tokens")
        shown = text_of(client.post(url, {"name": "Sheet", "days": "30"}))
        secret = re.search(r"clt_[\w-]{43}", shown)[0]
        assert get(secret).status_code == 200
        again = text_of(client.get(url))
        assert secret not in again
        assert "Sheet" in again
        assert secret not in str(list(ApiToken.objects.values()))
        assert secret not in str(list(AuditEvent.objects.values()))

    def test_a_second_click_makes_no_second_token(self, client, world):
        client.force_login(world.officer)
        for _ in range(2):
            page = client.post(reverse("api_tokens"), {"name": "Sheet", "days": "30"})
        assert "You already have a token named “Sheet”" in text_of(page)
        assert ApiToken.objects.count() == 1

    def test_people_can_revoke_their_own_tokens_only(self, client, world):
        secret = token_of(world.analyst)
        url = reverse("api_token_revoke", args=[ApiToken.objects.get().pk])
        client.force_login(world.officer)
        assert client.post(url).status_code == 404
        client.force_login(world.analyst)
        client.post(url)
        assert get(secret).status_code == 401
        assert AuditEvent.objects.filter(act="API token revoked").count() == 1

    def test_the_number_of_tokens_is_limited(self, world):
        for number in range(MAX_TOKENS):
            token_of(world.analyst, name=f"token {number}")
        with pytest.raises(Refusal, match="You already have 10 tokens"):
            token_of(world.analyst, name="one more")

    def test_the_api_page_names_every_endpoint(self, client, world):
        client.force_login(world.officer)
        text = text_of(client.get(reverse("api")))
        for name in ("bodies", "recommendations", "assignments", "positions", "flags", "updates"):
            assert f"/api/v1/{name}" in text


def test_the_openapi_document_matches_the_responses(world, ask):
    document = ask(world.analyst, "openapi.json")
    assert document.status_code == 200
    schema = document.json()
    assert schema["openapi"].startswith("3.")
    for path, methods in schema["paths"].items():
        assert set(methods) == {"get"}
        response = ask(world.analyst, path.removeprefix("/api/v1/"))
        assert response.status_code == 200, path
        content = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        required = schema["components"]["schemas"][content["$ref"].split("/")[-1]]["required"]
        assert set(required) <= set(response.json()), path


class TestRate:
    def test_too_many_requests_in_a_minute_are_refused(self, world, monkeypatch):
        monkeypatch.setattr(authentication, "MAX_REQUESTS_PER_MINUTE", 0)
        response = get(token_of(world.analyst))
        assert response.status_code == 429
        assert 1 <= int(response["Retry-After"]) <= 60

    def test_tokens_and_minutes_are_counted_separately(self):
        at = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
        limit = authentication.MAX_REQUESTS_PER_MINUTE
        waits = [authentication.seconds_to_wait("one", at=at) for _ in range(limit + 1)]
        assert waits == [0] * authentication.MAX_REQUESTS_PER_MINUTE + [50]
        assert authentication.seconds_to_wait("another", at=at) == 0
        assert authentication.seconds_to_wait("one", at=at + timedelta(seconds=50)) == 0

    def test_there_is_no_limit_without_redis(self, world, settings):
        settings.CACHES = {
            "redis": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": "redis://127.0.0.1:1/0",
            }
        }
        assert get(token_of(world.analyst)).status_code == 200
