"""PostgreSQL or Valkey is down: the service says so kindly, and nothing is lost."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request

import pytest

from tests.reliability.officer import HIDDEN_FIELDS, SimulatedOfficer
from tests.reliability.test_torture import KillableService

pytestmark = pytest.mark.servers
TEXT = "Patrols began on the two main routes this week."
UPDATE_PAGE = "/forces/force-0/1/update/"
PROGRESS_PAGE = f"{UPDATE_PAGE}progress/"
TOKEN = (
    "from tests.recommendations.api.conftest import token_of; from forces.models import User; "
    "print(token_of(User.objects.get(email='officer-0@example.org')))"
)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    text: str


@pytest.fixture
def service(tmp_path: Path) -> Iterator[KillableService]:
    service = KillableService(tmp_path)
    yield service
    service.stop()


@pytest.fixture
def officer(service: KillableService) -> SimulatedOfficer:
    """An officer who is signed in, and has begun an update."""
    officer = SimulatedOfficer(service.base_url, 0, time.monotonic() + 60)
    officer._retry(officer._sign_in)
    officer._request(UPDATE_PAGE)
    officer._request(UPDATE_PAGE, begin="1")
    officer._step(UPDATE_PAGE, "status", status="in_progress")
    return officer


def send(officer: SimulatedOfficer, path: str, *, bearer: str = "", **form: str) -> Answer:
    csrf = next((cookie.value for cookie in officer.cookies if cookie.name == "csrftoken"), "")
    data = urlencode(form | {"csrfmiddlewaretoken": csrf or ""}).encode() if form else None
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    request = Request(officer.base_url + path, data, headers)
    try:
        with officer.browser.open(request, timeout=20) as response:
            return Answer(response.status, response.headers, response.read().decode())
    except HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read().decode())


def test_the_service_says_that_a_server_is_down_and_loses_nothing(
    service: KillableService, officer: SimulatedOfficer
):
    token = service.data.run("tests.reliability.torture_data", TOKEN).strip()
    form = dict(HIDDEN_FIELDS.findall(officer._request(PROGRESS_PAGE)))

    service.data.stop_redis()  # which is needed for the speed only
    saved = send(officer, PROGRESS_PAGE, account=TEXT, **form)
    assert saved.status == 200
    assert send(officer, "/api/v1/bodies", bearer=token).status == 200
    assert send(officer, "/accounts/reset/", email="officer-1@example.org").status == 200
    assert send(officer, "/downloads/").status == 200
    ready = send(officer, "/readyz/")
    assert (ready.status, json.loads(ready.text)["redis"]) == (503, "down")
    service.data.start_redis()
    assert send(officer, "/readyz/").status == 200

    page = officer._request(PROGRESS_PAGE)
    form = dict(HIDDEN_FIELDS.findall(page))
    assert TEXT in page
    service.data.stop_database()
    for answer in (
        send(officer, "/forces/"),
        send(officer, "/accounts/sign-in/"),
        send(officer, "/calendar/" + "x" * 43 + ".ics"),
        typed := send(officer, PROGRESS_PAGE, account=TEXT * 2, **form),
    ):
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "Sorry, the service is unavailable" in answer.text
        assert "Traceback" not in answer.text
    assert TEXT * 2 in typed.text
    problem = send(officer, "/api/v1/bodies", bearer=token)
    assert (problem.status, problem.headers["Content-Type"]) == (503, "application/problem+json")
    assert json.loads(problem.text)["detail"] == "The service is unavailable. Try again later."
    assert problem.headers["Retry-After"]
    assert send(officer, "/healthz/").status == 200
    service.data.start_database()

    again = officer._request(PROGRESS_PAGE)
    assert TEXT in again
    assert TEXT * 2 not in again
    assert "Traceback" not in Path(service.log.name).read_text()
