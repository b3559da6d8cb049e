"""Malformed and forbidden requests neither fail nor show the records of other forces."""

import pytest

HUGE = "9" * 30
PATHS = [
    "/?live=off&seen=%00",
    "/heatmap/?status=%00&flag=x&region=" + HUGE + "&rocu=-1&text=%00%27<script>&sort=z",
    "/heatmap/?as_at=2026-02-30",
    "/heatmap/?as_at=0001-01-01",
    "/heatmap/?as_at=9999-12-31",
    "/heatmap/?text=" + "a" * 5000,
    "/heatmap/?seen=" + HUGE,
    f"/recommendations/{HUGE}/",
    "/recommendations/0/",
    f"/forces/kent/{HUGE}/",
    "/forces/kent/2147483648/",
    f"/forces/kent/{HUGE}/update/",
    "/forces/kent/2/?as_at=9999-12-31",
    "/forces/kent/2/?as_at=%00",
    "/forces/?region=%00",
    "/forces/kent/2/update/status/",
    "/forces/kent/2/update/nothing/",
    "/forces/kent/2/update/check/",
    "/forces/kent/2/update/discard/",
    f"/reviews/{HUGE}/",
    "/reviews/?page=" + HUGE,
    f"/digests/{HUGE}/",
    f"/digests/preview/{HUGE}/html/",
    "/digests/?week=%00&page=" + HUGE,
    "/digests/?week=0000-W01",
    "/digests/?week=9999-W52",
    "/digests/mine/",
    "/digests/hold/?week=x",
    "/digests/unsubscribe/%00/",
    "/digests/unsubscribe/" + "a:" * 500 + "/",
    "/people/?name=%00%25_&show=x&page=" + HUGE,
    f"/people/{HUGE}/",
    "/jobs/",
    f"/jobs/parked/email/{HUGE}/",
    "/accounts/reset/x/y/",
    f"/audit/?person=%00&body=x&act=%27&since=2026-99-99&until=0001-01-01&page={HUGE}",
    f"/audit/?recommendation={HUGE}&request=%00&since=9999-12-31&until=9999-12-31",
    "/audit/download/?recommendation=-1&person=%25",
    "/audit/check/",
    f"/import/{HUGE}/?page=%00",
    "/import/",
    f"/changes/?since=%00&until=9999-99-99&by=%27&page={HUGE}",
    "/changes/?since=0001-01-01&until=0001-01-02",
    "/forces/kent/2/more-time/",
    "/forces/kent/2/withdraw/",
    "/forces/kent/2/questions/",
    "/forces/kent/2/update/evidence/",
    "/forces/kent/2/update/correct/",
    f"/deadlines/requests/{HUGE}/",
    "/deadlines/move/?body=%00&recommendation=" + HUGE,
    f"/reviews/together/{HUGE}/",
    "/reviews/together/1/",
    f"/reviews/{HUGE}/hold/",
    "/evidence/00000000-0000-4000-8000-000000000000/",
    "/accounts/sign-in/?next=%00",
    "/dev/mailbox/..%2f..%2fetc%2fpasswd/",
    f"/admin/forces/user/{HUGE}/change/",
]
FORM = {
    "status": "\x00",
    "confidence": "x" * 100,
    "account": "a\x00b" * 3000,
    "version": "-1",
    "token": "zz",
    "forecast_on_0": "99",
    "forecast_on_1": "\x00",
    "forecast_on_2": HUGE,
    "decision": "x",
    "causes": "x",
    "claims": HUGE,
    "reply_to": "\x00",
    "remove": "\x00",
    "to_day": HUGE,
    "days": HUGE,
    "confirmed": "\x00",
    "signed_off_by": "\x00" * 200,
    "blocker_causes": "\x00",
    "resumed_form": "\x00",
    "reason": "\x00",
    "username": "\x00",
    "password": "\x00",
    "email": "\x00@x",
}
ESSEX_PATHS = [
    "/forces/essex/1/",
    "/forces/essex/1/update/",
    "/forces/essex/1/update/status/",
    "/forces/essex/1/update/check/",
    "/forces/essex/1/update/discard/",
    "/forces/essex/1/update/evidence/",
    "/forces/essex/1/update/correct/",
    "/forces/essex/1/more-time/",
    "/forces/essex/1/questions/",
    "/forces/essex/1/withdraw/",
    "/deadlines/",
    "/deadlines/move/",
    "/questions/",
    "/audit/",
    "/audit/download/",
    "/reviews/",
    "/digests/",
]


@pytest.fixture(autouse=True)
def _mailbox(settings, tmp_path) -> None:
    settings.MAILBOX_PATH = tmp_path / "mailbox"


@pytest.mark.usefixtures("no_logs")
@pytest.mark.parametrize("role", [None, "officer", "analyst", "administrator", "observer"])
def test_no_malformed_request_makes_the_service_fail(client, world, role):
    if role:
        client.force_login(getattr(world, role))
    client.raise_request_exception = False
    for path in PATHS:
        assert client.get(path).status_code < 500, path
        assert client.get(path, headers={"HX-Request": "true"}).status_code < 500, path
        assert client.post(path, FORM).status_code < 500, path


@pytest.mark.parametrize("role", ["officer", "observer", "lead_officer"])
def test_records_of_another_force_are_not_found(client, world, role):
    client.force_login(getattr(world, role))
    claim = world.assignment("Essex", 1).latest_update_id
    for path in [*ESSEX_PATHS, f"/reviews/{claim}/"]:
        assert client.get(path).status_code == 404, path
        assert client.post(path).status_code in {404, 405}, path


@pytest.mark.parametrize("role", ["officer", "observer"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_national_pages_neither_link_to_nor_quote_records_of_another_force(
    client, world, role, headers
):
    client.force_login(getattr(world, role))
    for path in ("/", "/heatmap/", "/recommendations/1/", "/forces/essex/"):
        page = client.get(path, headers=headers).content.decode()
        assert "/forces/essex/1/" not in page
        assert "It is done." not in page
