"""Search: what is found, by whom, how it is shown, and what it asks the database."""

import importlib
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.actions.drafts import open_draft
from recommendations.actions.evidence import add_evidence
from recommendations.actions.questions import ask_question, reply_to_question
from recommendations.dashboards.search.search import LONGEST, marked
from recommendations.dashboards.search.sql import HITS, VECTORS
from tests.factories import OfficerFactory, submit
from tests.recommendations.pages.pages import text_of
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path) -> World:
    kept = {"location": str(tmp_path / "evidence"), "file_permissions_mode": 0o600}
    evidence = settings.STORAGES["evidence"] | {"OPTIONS": kept}
    settings.STORAGES = settings.STORAGES | {"evidence": evidence}
    world = make_world()
    kent, essex = world.assignment("Kent", 3), world.assignment("Essex", 3)
    _sent(world, kent, world.officer, "Xylophone lessons <b>for</b> all officers.")
    other = OfficerFactory(body=essex.body)
    _sent(world, essex, other, "The xylophone was stolen; xylophones are dear.")
    question = ask_question(
        assignment=essex, text="Which xylophone?", by=world.analyst, at=world.now
    )
    reply_to_question(
        question=question, text="The xylophone in the attic.", by=world.analyst, at=world.now
    )
    return world


def _sent(world, assignment, officer, account: str) -> None:
    """An update with a piece of evidence."""
    draft = open_draft(assignment=assignment, by=officer, at=world.now)
    content = b"A register of instruments."
    add_evidence(
        draft=draft,
        file=io.BytesIO(content),
        name="xylophone_register.txt",
        size=len(content),
        by=officer,
        at=world.now,
    )
    submit(assignment, at=world.now, by=officer, account=account)


@pytest.fixture
def reading(client, world):
    client.force_login(world.analyst)
    return client


def found(client, q: str, **values: str):
    answer = client.get("/search/", {"q": q, **values})
    assert answer.status_code == 200
    return answer.context["found"]


def test_an_analyst_finds_updates_questions_replies_and_evidence(reading):
    result = found(reading, "xylophone")
    assert sorted(hit.what for hit in result.hits) == sorted(
        ["Update", "Update", "Question", "Reply", "Evidence", "Evidence"]
    )
    assert result.sentence == "6 results for “xylophone”."
    essex = next(hit for hit in result.hits if hit.what == "Update" and "Essex" in hit.title)
    assert essex.href == "/forces/essex/3/#update-1"


def test_words_are_found_in_their_other_forms(reading):
    assert any(hit.what == "Update" for hit in found(reading, "lesson officer").hits)


def test_an_officer_finds_the_own_bodys_papers_only(client, world):
    client.force_login(world.officer)
    result = found(client, "xylophone")
    assert {hit.title.split(":")[0] for hit in result.hits} == {"Kent"}
    assert result.sentence == "2 results for “xylophone”."
    assert "Updates (1)" in [kind.text for kind in result.kinds]
    assert "Questions" not in text_of(client.get("/search/", {"q": "xylophone"})).split("<main")[1]


def test_an_observer_without_a_body_finds_no_papers(client, world):
    client.force_login(world.observer)
    assert not found(client, "xylophone").hits


def test_what_was_found_is_marked_and_what_was_written_is_escaped(reading):
    text = reading.get("/search/", {"q": "xylophone lessons"}).content.decode()
    assert "<mark>Xylophone</mark> <mark>lessons</mark>" in text
    assert "<b>" not in text


@pytest.mark.parametrize(
    ("piece", "shown"),
    [
        ("\ue000a\ue001", "<mark>a</mark>"),
        ("\ue000a", "a"),
        ("<script>\ue000x\ue001", "&lt;script&gt;<mark>x</mark>"),
        ("\ue001\ue000", ""),
    ],
)
def test_marks_are_always_closed(piece, shown):
    assert marked(piece) == shown


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("kent", "/forces/kent/"),
        ("Kent 2", "/forces/kent/2/"),
        ("kent/2", "/forces/kent/2/"),
        ("2", "/recommendations/2/"),
        ("recommendation 2", "/recommendations/2/"),
        ("kent 99", None),
        ("nobody 2", None),
    ],
)
def test_what_a_text_names_exactly_is_a_link(reading, text, href):
    assert [address for _, address in found(reading, text).direct] == ([href] if href else [])


def test_an_officer_is_led_to_no_papers_of_others(client, world):
    client.force_login(world.officer)
    assert [a for _, a in found(client, "essex 2").direct] == ["/forces/essex/"]
    assert [a for _, a in found(client, "kent 2").direct] == ["/forces/kent/2/"]


def test_names_are_found_by_likeness(reading):
    assert found(reading, "Norfolc").hits or found(reading, "Norfolc").meant
    assert any(hit.what == "Evidence" for hit in found(reading, "xylophone regster").hits)


def test_kinds_narrow_and_pages_are_stable(reading, world):
    result = found(reading, "xylophone", kind="evidence")
    assert {hit.what for hit in result.hits} == {"Evidence"}
    for _ in range(25):
        submit(world.assignment("Surrey", 3), at=world.now, account="Another zither.")
    first, second = found(reading, "zither"), found(reading, "zither", page="2")
    assert (len(first.hits), len(second.hits)) == (20, 5)
    assert not {hit.href for hit in first.hits} & {hit.href for hit in second.hits}
    text = text_of(reading.get("/search/", {"q": "zither"}))
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
def test_no_text_breaks_it(reading, q):
    answer = reading.get("/search/", {"q": q})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().split("<main")[1].replace(q[:0], "")


@pytest.mark.parametrize("query", ["q=%ED%A0%80", "q=kent&page=-1", "q=kent&page=9999&kind=x"])
def test_no_address_breaks_it(reading, query):
    assert reading.get(f"/search/?{query}").status_code == 200


def test_a_long_text_is_cut_and_says_so(reading):
    text = text_of(reading.get("/search/", {"q": "kent " * 100}))
    assert f"Only the first {LONGEST} letters were looked for." in text


def test_nothing_found_says_so(reading):
    assert "Nothing was found for “zzyzx”." in text_of(reading.get("/search/", {"q": "zzyzx"}))


def test_more_rows_need_no_more_queries(reading, world):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            reading.get("/search/", {"q": "xylophone"})
        return len(queries)

    asked()
    few = asked()
    for _ in range(15):
        submit(world.assignment("Surrey", 3), at=world.now, account="A xylophone more.")
    assert asked() == few <= 9


def test_the_indexes_are_of_the_same_expressions_and_are_used(world):
    made = importlib.import_module("recommendations.migrations.0013_search_by_index").INDEXES
    for kind in ("update", "question", "reply", "evidence"):
        alias = {"update": "u.", "question": "q.", "reply": "r.", "evidence": "e."}[kind]
        assert made[f"search_{kind}"][1] == VECTORS[kind].replace(alias, "")
    asked = {name: f"{VECTORS[name]} @@ to_tsquery('x')" for name in VECTORS}
    asked["evidence"] += " OR 'x' <% e.name"
    plan = ""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for kind, alias in (("update", "u"), ("question", "q"), ("reply", "r"), ("evidence", "e")):
            assert asked[kind].replace("to_tsquery('x')", "words").split(" OR ")[0][:-6] in HITS
            cursor.execute(
                f"EXPLAIN SELECT 1 FROM recommendations_{kind} {alias} WHERE {asked[kind]}"
            )
            plan += "\n".join(row[0] for row in cursor.fetchall())
    for name in made:
        assert f"Bitmap Index Scan on {name} " in plan, name


def test_the_box_is_on_every_page_and_alone_on_its_own(reading):
    assert text_of(reading.get("/heatmap/")).count('role="search"') == 1
    assert text_of(reading.get("/search/")).count('role="search"') == 1
