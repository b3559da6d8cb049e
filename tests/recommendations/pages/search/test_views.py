"""Search: its results for each reader, how they are shown, and its queries and indexes."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forces.models import Role
from recommendations.actions.drafts import open_draft
from recommendations.actions.evidence import add_evidence
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.dashboards.labels import State
from recommendations.dashboards.search import search as read_model
from recommendations.dashboards.search.search import MAX_TEXT_LENGTH
from tests.database import as_superuser
from tests.factories import (
    AssignmentFactory,
    OfficerFactory,
    RecommendationFactory,
    UserFactory,
    claim,
    send_back,
    submit,
)
from tests.process_caches import empty_process_caches
from tests.recommendations.pages.pages import text_of
from tests.row_cache import create_once
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path) -> World:
    options = {"location": str(tmp_path / "evidence"), "file_permissions_mode": 0o600}
    evidence = settings.STORAGES["evidence"] | {"OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"evidence": evidence}
    return create_once(create_texts)


def create_texts() -> World:
    """The world, with an update, a question, a reply and evidence about xylophones."""
    world = make_world()
    kent, essex = world.assignment("Kent", 3), world.assignment("Essex", 3)
    submit_with_evidence(world, kent, world.officer, "Xylophone lessons <b>for</b> all officers.")
    other = OfficerFactory(body=essex.body)
    submit_with_evidence(world, essex, other, "The xylophone was stolen; xylophones are dear.")
    question = ask_question(
        assignment=essex, text="Which xylophone?", by=world.analyst, at=world.now
    )
    reply_to_question(
        question=question, text="The xylophone in the attic.", by=world.analyst, at=world.now
    )
    return world


def submit_with_evidence(
    world, assignment, officer, account: str, name: str = "xylophone_register.txt"
) -> None:
    """An update with a piece of evidence."""
    draft = open_draft(assignment=assignment, by=officer, at=world.now)
    content = b"A register of instruments."
    add_evidence(
        draft=draft,
        file=io.BytesIO(content),
        name=name,
        size=len(content),
        by=officer,
        at=world.now,
    )
    submit(assignment, at=world.now, by=officer, account=account)


def search(client, q: str, **values: str):
    empty_process_caches()  # only content that is rendered now has a context
    answer = client.get("/search/", {"q": q, **values})
    assert answer.status_code == 200
    return answer.context["results"]


def test_an_analyst_finds_updates_questions_replies_and_evidence(analyst_client):
    result = search(analyst_client, "xylophone")
    assert sorted(item.noun for item in result.results) == sorted(
        ["Update", "Update", "Question", "Reply", "Evidence", "Evidence"]
    )
    assert result.sentence == "6 results for “xylophone”."
    updates = [item for item in result.results if item.noun == "Update"]
    [essex] = [item for item in updates if "Essex" in item.title]
    assert essex.href == "/forces/essex/3/#update-1"


def test_other_forms_of_a_word_are_found(analyst_client):
    assert any(item.noun == "Update" for item in search(analyst_client, "lesson officer").results)


def test_an_officer_finds_updates_of_their_own_force_only(client, world):
    client.force_login(world.officer)
    result = search(client, "xylophone")
    assert {item.title.split(":")[0] for item in result.results} == {"Kent"}
    assert result.sentence == "2 results for “xylophone”."
    assert ("Updates", "1") in [(kind["text"], kind["number"]) for kind in result.kinds]
    assert "Questions" not in text_of(client.get("/search/", {"q": "xylophone"})).split("<main")[1]


def test_the_latest_update_shows_its_state(client, world):
    returned = send_back(claim(world.assignment("Kent", 3), at=world.now), at=world.now)
    client.force_login(world.analyst)
    [latest, *_] = [
        item
        for item in search(client, "done", kind="update").results
        if item.href.endswith(f"/kent/3/#update-{returned.update.number}")
    ]
    assert latest.state == State("in_progress", "RT", "Returned")
    assert all(item.state is None for item in search(client, "lessons", kind="update").results)


def test_an_observer_without_a_force_finds_no_updates(client, world):
    client.force_login(world.observer)
    assert not search(client, "xylophone").results


def test_matches_are_highlighted_and_text_is_escaped(analyst_client):
    text = analyst_client.get("/search/", {"q": "xylophone lessons"}).content.decode()
    assert "<mark>Xylophone</mark> <mark>lessons</mark>" in text
    assert "<b>for" not in text


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("kent", "/forces/kent/"),
        ("Kent 2", "/forces/kent/2/"),
        ("kent/2", "/forces/kent/2/"),
        ("2", "/recommendations/2/"),
        ("recommendation 2", "/recommendations/2/"),
        ("R2", "/recommendations/2/"),
        ("R2a", "/recommendations/2a/"),
        ("2A", "/recommendations/2a/"),
        ("kent 2a", "/forces/kent/2a/"),
        ("Kent R2a", "/forces/kent/2a/"),
        ("KENT-R2a-U1", "/forces/kent/2a/#update-1"),
        ("overdue", "/heatmap/?flag=overdue"),
        ("Deadline", "/deadlines/"),
        ("kent 99", None),
        ("nobody 2", None),
    ],
)
def test_an_exact_name_or_word_is_a_link(analyst_client, world, text, href):
    AssignmentFactory(
        recommendation=RecommendationFactory(inspection=world.inspection, number=2, part="a"),
        body=world.forces["Kent"],
    )
    assert [address for _, address in search(analyst_client, text).destinations] == (
        [href] if href else []
    )


def test_an_officer_gets_to_the_dates_of_their_own_force(client, world):
    client.force_login(world.officer)
    for word in ("overdue", "deadline"):
        assert "/forces/kent/" in [a for _, a in search(client, word).destinations]


def test_an_officer_gets_no_link_to_updates_of_others(client, world):
    client.force_login(world.officer)
    assert [a for _, a in search(client, "essex 2").destinations] == ["/forces/essex/"]
    assert [a for _, a in search(client, "kent 2").destinations] == ["/forces/kent/2/"]


def test_similar_names_are_found(analyst_client):
    assert (
        search(analyst_client, "Norfolc").results or search(analyst_client, "Norfolc").suggestions
    )
    assert any(
        item.noun == "Evidence" for item in search(analyst_client, "xylophone regster").results
    )


@pytest.mark.parametrize("text", ["zoë", "zoe", "ZOË", "Llŷn", "llyn", "protégé", "protege"])
def test_accents_do_not_matter_in_texts_and_sign_offs(analyst_client, world, text):
    values = {"account": "Protégé trained in Llŷn.", "signed_off_by": "Superintendent Zoë Hale"}
    update = submit(world.assignment("Surrey", 3), at=world.now, **values)
    [found] = search(analyst_client, text).results
    assert found.href == f"/forces/surrey/3/#update-{update.number}"
    assert "<mark>" in found.excerpt


def test_the_name_of_an_account_that_approved_is_not_searched(analyst_client, world):
    """The account can be removed later, and what is stored of an update never changes."""
    update = submit(world.assignment("Surrey", 3), at=world.now)
    chief = UserFactory(role=Role.CHIEF_OFFICER, body=world.forces["Surrey"], name="Quillon Vane")
    as_superuser(
        f"UPDATE recommendations_update SET approved_by_id={chief.pk} WHERE id={update.pk}"
    )
    assert not search(analyst_client, "Quillon").results


def test_exact_words_come_before_similar_ones(analyst_client, world):
    surrey = world.assignment("Surrey", 3)
    submit_with_evidence(world, surrey, OfficerFactory(body=surrey.body), "x", name="norfolc.txt")
    submit(world.assignment("Essex", 3), at=world.now, account="Seen in Norfolk.")
    nouns = [item.noun for item in search(analyst_client, "norfolk").results]
    assert nouns[0] == "Force or organisation"
    assert nouns.index("Update") < nouns.index("Evidence")


def test_results_can_be_filtered_and_pages_do_not_overlap(analyst_client, world):
    result = search(analyst_client, "xylophone", kind="evidence")
    assert {item.noun for item in result.results} == {"Evidence"}
    for _ in range(25):
        submit(world.assignment("Surrey", 3), at=world.now, account="Another zither.")
    first, second = search(analyst_client, "zither"), search(analyst_client, "zither", page="2")
    assert (len(first.results), len(second.results)) == (20, 5)
    assert not {item.href for item in first.results} & {item.href for item in second.results}
    text = text_of(analyst_client.get("/search/", {"q": "zither"}))
    assert 'rel="next"' in text
    assert 'rel="prev"' not in text


@pytest.mark.parametrize(
    "q",
    [
        "the",
        "!!!",
        '"',
        "-",
        "a" * 5000,
        "\x00",
        "kent\x00",
        "'; DROP TABLE forces_body; --",
        "<script>",
        "%(text)s %s %%",
        "\ue000\ue001",
        "\\",
        "😀",
        "0" * 300,
    ],
)
def test_any_text_can_be_searched(analyst_client, q):
    answer = analyst_client.get("/search/", {"q": q})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().split("<main")[1].replace(q[:0], "")


@pytest.mark.parametrize("query", ["q=%ED%A0%80", "q=kent&page=-1", "q=kent&page=9999&kind=x"])
def test_any_parameters_are_accepted(analyst_client, query):
    assert analyst_client.get(f"/search/?{query}").status_code == 200


def test_a_long_text_is_cut_with_a_note(analyst_client):
    text = text_of(analyst_client.get("/search/", {"q": "kent " * 100}))
    assert f"We searched for the first {MAX_TEXT_LENGTH} characters only." in text


def test_a_search_without_results_is_explained(analyst_client):
    assert "No results for “zzyzx”." in text_of(analyst_client.get("/search/", {"q": "zzyzx"}))


def test_only_the_newest_updates_are_found_and_the_page_says_so(analyst_client, world, monkeypatch):
    norfolk = world.assignment("Norfolk", 3)
    for days in (199, 198, 197):
        account = f"Bassoon. Day {days}. Bassoon."
        submit(norfolk, at=world.now - timedelta(days=days), account=account)
    assert len(search(analyst_client, "bassoon").results) == 3  # none of the last months
    submit(norfolk, at=world.now, account="A bassoon, at last.")
    found = search(analyst_client, "bassoon")
    assert (len(found.results), found.sentence, found.note) == (4, "4 results for “bassoon”.", "")
    assert "Day" in found.results[0].excerpt  # has the word twice
    monkeypatch.setattr(read_model, "MAX_RESULTS", 2)
    found = search(analyst_client, "bassoon")
    assert found.sentence == "More than 2 results for “bassoon”."
    assert [kind["number"] for kind in found.kinds] == ["2+", "2+"]
    assert "These are the newest 2 updates that match." in text_of(
        analyst_client.get("/search/", {"q": "bassoon"})
    )


def test_more_results_need_no_more_queries(analyst_client, world):
    def queries() -> int:
        empty_process_caches()
        with CaptureQueriesContext(connection) as captured:
            analyst_client.get("/search/", {"q": "xylophone"})
        return len(captured)

    queries()
    few = queries()
    for _ in range(15):
        submit(world.assignment("Surrey", 3), at=world.now, account="A xylophone more.")
    assert queries() == few <= 9


def test_every_page_has_one_search_box(analyst_client):
    assert text_of(analyst_client.get("/heatmap/")).count('role="search"') == 1
    assert text_of(analyst_client.get("/search/")).count('role="search"') == 1
