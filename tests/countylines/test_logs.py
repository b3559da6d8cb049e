"""Whatever is logged, by whichever way: no secret and nobody's address comes out."""

import io
import json
import logging
import re
import time

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from countylines.observability.logs import JsonLine, TextLine, logging_config
from countylines.observability.request_ids import RequestIdFilter
from countylines.observability.secrets_filter import HIDDEN, SecretsFilter
from forces import secret_tokens
from forces.models import User
from tests.factories import UserFactory

OWN = "our-own/signing key of any shape"
DRAWN = secret_tokens.draw()
SECRETS = {
    "own": (OWN, f"it is {OWN}, they say"),
    "API token": ("clt_" + DRAWN, f"token clt_{DRAWN} opened nothing"),
    "drawn by chance": (DRAWN, f"{DRAWN} was asked for"),
    "calendar": ("aB3", "GET /calendar/aB3.ics"),
    "unsubscribing": ("WzEsInciXQ:1tX:x-y", "/digests/unsubscribe/WzEsInciXQ:1tX:x-y/ is gone"),
    "reset": ("cq7xk1-9d2f", "Not Found: /accounts/reset/MQ/cq7xk1-9d2f/"),
    "invitation": ("5f2a9d", "Not Found: /accounts/invitation/5f2a9d/"),
    "database": ("hunter-2", "postgres://app:hunter-2@db:5432/countylines is away"),
    "redis": ("hunter-2", "Cannot connect to redis://:hunter-2@redis:6379/0: refused"),
    "smtp": ("hunter-2", "smtp+tls://tracker:hunter-2@relay.example.org:587"),
    "password": ("hunter-2", "password=hunter-2 was typed"),
    "quoted": ("hunter 2", "{'username': 'x', 'password': 'hunter 2'}"),
    "JSON": ('hunter \\" 2', '{"client_secret": "hunter \\" 2", "a": 1}'),
    "bearer": ("abc.def-123", "sent Authorization: Bearer abc.def-123"),
    "header": ("dXNlcjpwdw==", "{'Authorization': 'Basic dXNlcjpwdw=='}"),
    "cookies": ("k3s8q", "Cookie: messages=a; __Host-sessionid=k3s8q; csrftoken=k3s8q"),
    "session": ("k3s8q", "sessionid=k3s8q"),
    "one-time code": ("492817", "otp: 492817"),
    "JWT": ("eyJhbGciOi.eyJzdWIi.c2ln", "id eyJhbGciOi.eyJzdWIi.c2ln"),
    "hash": ("argon2id$v=19$m=1", "argon2$argon2id$v=19$m=1,t=2$c2FsdA$aGFzaA"),
    "e-mail": ("ana.lyst@home.example", "Nobody takes mail for <ana.lyst@home.example>"),
    "e-mail in a query": ("ana%40home.example", "/x/y ana%40home.example"),
    "query": ("Lyst", "GET /search/?text=Ana+Lyst&page=2"),
    "row": ("Ana Lyst", "duplicate key\nDETAIL:  Key (name)=(Ana Lyst) already exists."),
}
PUBLIC = [
    "Outbox mail 12 was refused for good.",
    "GET /forces/kent/5/update/ 200",
    "flag_overdue: 3 flags raised, 2 cleared",
    "Task recommendations.tasks.send_mail[0b7e4b52-3c1f-4a52-9f61-3d1a34c1f001] received",
    "/evidence/0b7e4b52-3c1f-4a52-9f61-3d1a34c1f001/",
    "Connected to redis://redis:6379/0",
    "celery@9f1d2c ready.",
]


class Written:
    """A logger of its own, and what it wrote, in one of the two forms."""

    def __init__(self, form: type[logging.Formatter]) -> None:
        self.stream = io.StringIO()
        handler = logging.StreamHandler(self.stream)
        handler.setFormatter(form(secrets=(OWN,)))
        handler.addFilter(RequestIdFilter())
        self.log = logging.Logger("tests.written", logging.DEBUG)
        self.log.addHandler(handler)

    @property
    def text(self) -> str:
        return self.stream.getvalue()


@pytest.fixture(params=[JsonLine, TextLine])
def written(request) -> Written:
    return Written(request.param)


def fail(words: str, cause: Exception | None = None) -> None:
    raise ValueError(words) from cause


@pytest.mark.parametrize("kind", SECRETS)
class TestNoSecretComesOut:
    def test_of_a_message(self, written, kind):
        secret, text = SECRETS[kind]
        written.log.warning(text)
        assert secret not in written.text

    def test_of_arguments(self, written, kind):
        secret, text = SECRETS[kind]
        written.log.warning("%s, %r and %s", text, [text], {"said": text})
        assert secret not in written.text

    def test_of_an_exception_and_its_cause(self, written, kind):
        secret, text = SECRETS[kind]
        try:
            fail("afterwards", cause=KeyError(text) if "\n" not in text else OSError(text))
        except ValueError:
            written.log.exception("It failed.")
        try:
            fail(text)
        except ValueError as error:
            written.log.exception("It failed: %s", error)
        assert "Traceback" in written.text
        assert secret not in written.text

    def test_of_extras(self, kind):
        secret, text = SECRETS[kind]
        written = Written(JsonLine)
        written.log.info("Done.", extra={"said": text, "all": [{"deep": (text,)}]})
        line = json.loads(written.text)
        assert "said" in line
        assert secret not in json.dumps(line)


@pytest.mark.parametrize("sentence", PUBLIC)
def test_what_is_no_secret_stays_readable(sentence):
    assert SecretsFilter().hide(sentence) == sentence


@pytest.mark.parametrize("piece", ["a", "a.", "/", "token", "eyJ", "://", "a@", "?", "\"'", "Aa1-"])
def test_a_long_line_that_a_stranger_chose_takes_no_long_time(piece):
    began = time.process_time()
    SecretsFilter().hide(piece * (100_000 // len(piece)))
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "key",
    ["password", "new_password1", "SECRET_KEY", "token", "HTTP_AUTHORIZATION", "HTTP_COOKIE",
     "session_key", "csrfmiddlewaretoken", "api-key", "client_secret", "recovery_code"],
)  # fmt: skip
def test_some_keys_are_hidden_whatever_stands_there(written, key):
    sentence = f"Sent %({key})s."
    written.log.info(sentence, {key: "x1"})
    written.log.info("Sent.", extra={key: "x1", "inside": {key: ["x1"]}})
    assert "x1" not in written.text
    assert HIDDEN in written.text


def test_objects_are_written_as_their_class(rf):
    written = Written(JsonLine)
    request = rf.get("/search/?text=Ana")
    written.log.warning("Refused.", extra={"asked": request, "request": request})
    line = json.loads(written.text)
    assert line["asked"] == "WSGIRequest"
    assert "request" not in line


def test_values_that_do_not_fit_are_not_printed_by_logging_itself(written, capsys):
    written.log.warning("One %d.", "ana@home.example")
    assert "its values do not fit" in written.text
    assert capsys.readouterr().err == ""


@pytest.mark.django_db
def test_a_row_that_postgresql_quotes_stays_out_of_the_traceback(written):
    person = UserFactory(name="Ana Lyst", email="ana@home.example")
    words, name = "two lines\n\nof an account", person.name
    try:
        with transaction.atomic():
            User.objects.create(name=name, email=person.email.upper())
    except IntegrityError:
        written.log.exception("Not kept.")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE told (words text CHECK (words = ''), more text)")
            cursor.execute("INSERT INTO told VALUES (%s, %s)", [words, name])
    except IntegrityError as error:
        written.log.error("Not kept: %s", error, exc_info=error)
    assert written.text.count("Traceback") == 4
    assert "violates check constraint" in written.text
    for private in ("Ana Lyst", "ANA@", "of an account"):
        assert private not in written.text


def test_a_json_line_is_one_line_with_its_request():
    written = Written(JsonLine)
    written.log.warning("Two\nlines %s", "here", extra={"rows": 3, "request_id": "5f2a"})
    assert written.text.count("\n") == 1
    line = json.loads(written.text)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", line.pop("time"))
    assert line == {
        "level": "WARNING",
        "logger": "tests.written",
        "message": "Two\nlines here",
        "request_id": "5f2a",
        "rows": 3,
    }


def test_outside_production_a_line_is_text():
    formatter = logging_config(as_json=False)["formatters"]["line"]["()"]
    assert formatter == "countylines.observability.logs.TextLine"


def test_every_address_that_is_a_key_is_hidden():
    """A new address with a token in it must be known to the secrets filter."""
    kept = [route for route in _routes(get_resolver(), "") if _is_key(route)]
    assert len(kept) >= 3
    for route in kept:
        path = "/" + re.sub(r"<[^>]+>", "opensesame", route)
        assert "opensesame" not in SecretsFilter().hide(f"GET {path} 200"), route


def _is_key(route: str) -> bool:
    return bool(re.search(r"<(?:\w+:)?(?:token|secret|uidb64|key)>", route)) and not re.search(
        r"<(?:uuid|int):key>|^dev/", route
    )


def _routes(resolver: URLResolver, before: str) -> list[str]:
    found = []
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        found += _routes(each, route) if isinstance(each, URLResolver) else [route]
    return found
