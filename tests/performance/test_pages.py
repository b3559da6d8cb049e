"""The benchmark refuses to time what is not the page."""

import pytest
from django.test import Client

from forces.models import User
from tests.performance.pages import Page, WrongAnswer, measure, signed_in
from tests.world import World, make_world

OVERVIEW = Page("overview", "/", "National overview")
UNCHANGED = Page("overview, 304", "/")

pytestmark = pytest.mark.urls("tests.performance.urls")


@pytest.fixture
def world(db) -> World:
    return make_world()


def test_every_page_is_timed_once_a_round(world):
    found = measure(signed_in(world.analyst), [OVERVIEW, UNCHANGED], rounds=2)
    assert list(found) == ["floor", "overview", "overview, 304"]
    assert all(len(figures.elapsed) == 2 for figures in found.values())
    assert 0 < found["floor"].queries < found["overview"].queries


def test_a_redirect_for_want_of_a_second_factor_is_refused(world):
    User.objects.filter(pk=world.analyst.pk).update(has_second_factor=False)
    client = Client()
    client.force_login(world.analyst)
    with pytest.raises(WrongAnswer, match=r"“overview” \(/\) answered 302 in the place of 200"):
        measure(client, [OVERVIEW], rounds=1)


def test_a_page_without_its_sentence_is_refused(world):
    page = Page("overview", "/", "A sentence of another page")
    with pytest.raises(WrongAnswer, match=r"“overview” .* lacks “A sentence of another page”"):
        measure(signed_in(world.analyst), [page], rounds=1)


def test_a_whole_page_in_the_place_of_304_is_refused(world):
    with pytest.raises(WrongAnswer, match="answered 200 in the place of 304"):
        measure(signed_in(world.analyst), [UNCHANGED], rounds=1)


def test_every_request_is_checked_not_only_the_first(world):
    class ForgetfulClient(Client):
        """A browser that loses its session before the eighth request."""

        sent = 0

        def request(self, **request):
            self.sent += 1
            if self.sent == 8:
                self.cookies.clear()
            return super().request(**request)

    client = ForgetfulClient()
    client.cookies = signed_in(world.analyst).cookies
    with pytest.raises(WrongAnswer, match="answered 302 in the place of 200"):
        measure(client, [OVERVIEW], rounds=20)
    assert client.sent >= 8
