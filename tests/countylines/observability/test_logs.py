"""Whatever is logged, in whatever way: no secret and no email address is written."""

import io
import json
import logging
import re

import pytest
from django.db import IntegrityError, connection, transaction

from countylines.observability.logs import JsonLine, TextLine, logging_config
from countylines.observability.request_ids import RequestIdFilter
from countylines.observability.secrets_filter import HIDDEN
from forces import secret_tokens
from forces.models import User
from tests.factories import UserFactory

OWN_SECRET = "our-own/signing key of any shape"
RANDOM_TOKEN = secret_tokens.generate()
SECRETS = {  # kind: a secret, and a text that contains it
    "own": (OWN_SECRET, f"it is {OWN_SECRET}, they say"),
    "API token": ("clt_" + RANDOM_TOKEN, f"token clt_{RANDOM_TOKEN} opened nothing"),
    "random": (RANDOM_TOKEN, f"{RANDOM_TOKEN} was requested"),
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
    "email": ("ana.lyst@home.example", "Nobody accepts email for <ana.lyst@home.example>"),
    "email in a query": ("ana%40home.example", "/x/y ana%40home.example"),
    "query": ("Lyst", "GET /search/?text=Ana+Lyst&page=2"),
    "row": ("Ana Lyst", "duplicate key\nDETAIL:  Key (name)=(Ana Lyst) already exists."),
}


class LoggerWithOutput:
    """A logger of its own with one of the two formatters, and what it has written."""

    def __init__(self, formatter: type[logging.Formatter]) -> None:
        self.stream = io.StringIO()
        handler = logging.StreamHandler(self.stream)
        handler.setFormatter(formatter(secrets=(OWN_SECRET,)))
        handler.addFilter(RequestIdFilter())
        self.log = logging.Logger("tests.logs", logging.DEBUG)
        self.log.addHandler(handler)

    @property
    def text(self) -> str:
        return self.stream.getvalue()


@pytest.fixture(params=[JsonLine, TextLine])
def logger(request) -> LoggerWithOutput:
    return LoggerWithOutput(request.param)


@pytest.fixture
def json_logger() -> LoggerWithOutput:
    return LoggerWithOutput(JsonLine)


def fail(message: str, cause: Exception | None = None) -> None:
    raise ValueError(message) from cause


@pytest.mark.parametrize("kind", SECRETS)
class TestNoSecretIsWritten:
    def test_from_a_message(self, logger, kind):
        secret, text = SECRETS[kind]
        logger.log.warning(text)
        assert secret not in logger.text

    def test_from_arguments(self, logger, kind):
        secret, text = SECRETS[kind]
        logger.log.warning("%s, %r and %s", text, [text], {"text": text})
        assert secret not in logger.text

    def test_from_an_exception_and_its_cause(self, logger, kind):
        secret, text = SECRETS[kind]
        try:
            fail("afterwards", cause=KeyError(text) if "\n" not in text else OSError(text))
        except ValueError:
            logger.log.exception("It failed.")
        try:
            fail(text)
        except ValueError as error:
            logger.log.exception("It failed: %s", error)
        assert "Traceback" in logger.text
        assert secret not in logger.text

    def test_from_extras(self, json_logger, kind):
        secret, text = SECRETS[kind]
        json_logger.log.info("Done.", extra={"text": text, "all": [{"deep": (text,)}]})
        line = json.loads(json_logger.text)
        assert "text" in line
        assert secret not in json.dumps(line)


@pytest.mark.parametrize(
    "key",
    ["password", "new_password1", "SECRET_KEY", "token", "HTTP_AUTHORIZATION", "HTTP_COOKIE",
     "session_key", "csrfmiddlewaretoken", "api-key", "client_secret", "recovery_code"],
)  # fmt: skip
def test_the_values_of_some_keys_are_always_hidden(logger, key):
    message = f"Sent %({key})s."
    logger.log.info(message, {key: "x1"})
    logger.log.info("Sent.", extra={key: "x1", "inside": {key: ["x1"]}})
    assert "x1" not in logger.text
    assert HIDDEN in logger.text


def test_objects_are_written_as_their_class(rf, json_logger):
    request = rf.get("/search/?text=Ana")
    json_logger.log.warning("Denied.", extra={"wsgi_request": request, "request": request})
    line = json.loads(json_logger.text)
    assert line["wsgi_request"] == "WSGIRequest"
    assert "request" not in line


def test_arguments_that_do_not_match_are_not_printed_by_logging_itself(logger, capsys):
    logger.log.warning("One %d.", "ana@home.example")
    assert "its arguments do not match" in logger.text
    assert capsys.readouterr().err == ""


@pytest.mark.django_db
def test_a_row_that_postgresql_quotes_is_not_in_the_traceback(logger):
    person = UserFactory(name="Ana Lyst", email="ana@home.example")
    text, name = "two lines\n\nof an account", person.name
    try:
        with transaction.atomic():
            User.objects.create(name=name, email=person.email.upper())
    except IntegrityError:
        logger.log.exception("Not stored.")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE checked (text text CHECK (text = ''), more text)")
            cursor.execute("INSERT INTO checked VALUES (%s, %s)", [text, name])
    except IntegrityError as error:
        logger.log.error("Not stored: %s", error, exc_info=error)
    assert logger.text.count("Traceback") == 4
    assert "violates check constraint" in logger.text
    for private in ("Ana Lyst", "ANA@", "of an account"):
        assert private not in logger.text


def test_a_json_line_is_one_line_with_its_request(json_logger):
    json_logger.log.warning("Two\nlines %s", "here", extra={"rows": 3, "request_id": "5f2a"})
    assert json_logger.text.count("\n") == 1
    line = json.loads(json_logger.text)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", line.pop("time"))
    assert line == {
        "level": "WARNING",
        "logger": "tests.logs",
        "message": "Two\nlines here",
        "request_id": "5f2a",
        "rows": 3,
    }


def test_outside_production_a_line_is_text():
    formatter = logging_config(as_json=False)["formatters"]["line"]["()"]
    assert formatter == "countylines.observability.logs.TextLine"
