"""The benchmark stops if a page does not respond as expected."""

import pytest
from django.test import Client

from forces.models import User
from tests.performance.pages import TimedPage, WrongResponse, measure, signed_in

OVERVIEW = TimedPage("overview", "/", "National overview")
UNCHANGED = TimedPage("overview, 304", "/")

pytestmark = pytest.mark.urls("tests.performance.urls")


def test_every_page_is_timed_once_per_round(world):
    timings = measure(signed_in(world.analyst), [OVERVIEW, UNCHANGED], rounds=2)
    assert list(timings) == ["baseline", "overview", "overview, 304"]
    assert all(len(page_timings.elapsed) == 2 for page_timings in timings.values())
    assert 0 < timings["baseline"].queries < timings["overview"].queries


def test_a_redirect_to_set_up_a_second_factor_is_an_error(world):
    User.objects.filter(pk=world.analyst.pk).update(has_second_factor=False)
    client = Client()
    client.force_login(world.analyst)
    with pytest.raises(WrongResponse, match=r"“overview” \(/\) responded 302, not 200"):
        measure(client, [OVERVIEW], rounds=1)


def test_a_page_without_its_text_is_an_error(world):
    page = TimedPage("overview", "/", "The text of another page")
    with pytest.raises(
        WrongResponse, match=r"“overview” .* does not contain “The text of another page”"
    ):
        measure(signed_in(world.analyst), [page], rounds=1)


def test_a_whole_page_instead_of_304_is_an_error(world):
    with pytest.raises(WrongResponse, match="responded 200, not 304"):
        measure(signed_in(world.analyst), [UNCHANGED], rounds=1)


def test_every_request_is_checked(world):
    class ForgetfulClient(Client):
        """A client that loses its session before the eighth request."""

        request_count = 0

        def request(self, **request):
            self.request_count += 1
            if self.request_count == 8:
                self.cookies.clear()
            return super().request(**request)

    client = ForgetfulClient()
    client.cookies = signed_in(world.analyst).cookies
    with pytest.raises(WrongResponse, match="responded 302, not 200"):
        measure(client, [OVERVIEW], rounds=20)
    assert client.request_count >= 8
