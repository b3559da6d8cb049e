"""The benchmark stops if a page does not respond as expected, and names pages that are too slow."""

import pytest
from django.test import Client

from forces.models import User
from tests.performance.timing import (
    ANALYST,
    FLOOR,
    PageTimings,
    TimedPage,
    WrongResponse,
    measure,
    missed,
    signed_in,
)

OVERVIEW = TimedPage("overview", "/", "National overview")
UNCHANGED = TimedPage("overview, 304", "/")

pytestmark = pytest.mark.urls("tests.performance.urls")


def test_every_page_is_timed_once_per_round(world):
    timings = measure({ANALYST: signed_in(world.analyst)}, [OVERVIEW, UNCHANGED], rounds=2)
    assert list(timings) == ["floor", "overview", "overview, 304"]
    assert all(len(page_timings.elapsed) == 2 for page_timings in timings.values())
    assert 0 < timings["floor"].queries < timings["overview"].queries


def test_a_page_above_its_limit_is_named():
    pages = [
        TimedPage("fast", "/", "text", limit=2.5),
        TimedPage("slow", "/", "text", limit=2.5),
        TimedPage("unlimited", "/", "text", limit=None),
    ]
    medians = {FLOOR.name: 2.0, "fast": 5.0, "slow": 5.5, "unlimited": 50.0}
    timings = {name: PageTimings(elapsed=[median]) for name, median in medians.items()}
    assert missed(pages, timings) == [
        "The page “slow” takes 2.75 times the floor, and may take 2.5."
    ]


def test_a_redirect_to_set_up_a_second_factor_is_an_error(world):
    User.objects.filter(pk=world.analyst.pk).update(has_second_factor=False)
    client = Client()
    client.force_login(world.analyst)
    with pytest.raises(WrongResponse, match=r"“overview” \(/\) responded 302, not 200"):
        measure({ANALYST: client}, [OVERVIEW], rounds=1)


def test_a_page_without_its_text_is_an_error(world):
    page = TimedPage("overview", "/", "The text of another page")
    with pytest.raises(
        WrongResponse, match=r"“overview” .* does not contain “The text of another page”"
    ):
        measure({ANALYST: signed_in(world.analyst)}, [page], rounds=1)


def test_a_whole_page_instead_of_304_is_an_error(world):
    with pytest.raises(WrongResponse, match="responded 200, not 304"):
        measure({ANALYST: signed_in(world.analyst)}, [UNCHANGED], rounds=1)


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
        measure({ANALYST: client}, [OVERVIEW], rounds=20)
    assert client.request_count >= 8
