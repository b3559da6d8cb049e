"""Parameters of the API that make no sense are refused in a sentence."""

import pytest

from tests.factories import (
    UserFactory,
)

pytestmark = pytest.mark.django_db


class TestWhatMakesNoSense:
    @pytest.mark.parametrize(
        ("path", "query", "sentence"),
        [
            ("bodies", {"limit": "0"}, "limit must be 1 or more."),
            ("bodies", {"limit": "501"}, "limit must be 500 or less."),
            ("bodies", {"limit": "x"}, "limit must be a whole number."),
            ("bodies", {"format": "xml"}, "format must be 'json' or 'csv'."),
            ("bodies", {"offset": "3"}, "There is no parameter 'offset' here."),
            ("assignments", {"recommendation": "9" * 30}, "number of a recommendation, such as 5"),
            ("flags", {"since": "2026-02-30"}, "since must be a real date, such as 2026-11-24."),
            ("flags", {"since": "1700000000"}, "since must be a real date, such as 2026-11-24."),
            ("updates", {"since": "0001-01-01"}, "since must be a real date, such as 2026-11-24."),
            ("positions", {"as_at": "9999-12-31"}, "is in the future."),
            ("positions", {"as_at": "0001-01-01"}, "There are no figures before 1900."),
            ("positions", {"as_at": "2026-02-30"}, "is not a real date. Write it like"),
        ],
    )
    def test_is_said_in_a_sentence(self, ask, world, path, query, sentence):
        response = ask(world.analyst, path, **query)
        assert response.status_code == 422
        assert sentence in response.json()["detail"]

    def test_a_status_or_a_body_that_cannot_be(self, ask, world):
        said = ask(world.analyst, "assignments", status="done", body="\x00").json()["detail"]
        assert "status must be 'not_started', 'in_progress'" in said
        assert "body must be the slug of a body" in said

    @pytest.mark.parametrize("query", [{"body": "atlantis"}, {"recommendation": 99}])
    def test_what_is_unknown_is_not_found(self, ask, world, query):
        assert ask(world.analyst, "assignments", **query).status_code == 404

    def test_without_an_inspection_it_says_so(self, ask, db):
        response = ask(UserFactory(), "bodies")
        assert response.status_code == 404
        assert response.json() == {"detail": "No inspection is loaded yet."}
