"""The SQL of the search uses the indexes and the stored words of its migrations."""

import importlib

from django.db import connection

from recommendations.dashboards.search.sql import HITS, UPDATES, VECTORS

ALIASES = {"question": "q", "reply": "r", "evidence": "e"}


def test_the_indexes_have_the_same_expressions_and_are_used(db):
    name = "recommendations.migrations.0047_search_indexes_without_accents"
    indexes = importlib.import_module(name).INDEXES
    plan = ""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for kind, alias in ALIASES.items():
            vector = VECTORS[kind]
            assert vector in HITS
            assert indexes[f"search_{kind}_words"][1] == vector.replace(f"{alias}.", "")
            condition = f"{vector} @@ to_tsquery('x')"
            if kind == "evidence":
                condition += " OR 'x' <% without_accents(e.name)"
            cursor.execute(
                f"EXPLAIN SELECT 1 FROM recommendations_{kind} {alias} WHERE {condition}"
            )
            plan += "\n".join(row[0] for row in cursor.fetchall())
    for index in indexes:
        assert f"Bitmap Index Scan on {index} " in plan, index


def test_words_of_updates_are_found_by_their_index(db):
    condition = "s.words @@ websearch_to_tsquery('english_without_accents', %(text)s)"
    assert condition in UPDATES
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN SELECT 1 FROM recommendations_updatesearch s WHERE {condition}", {"text": "x"}
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on update_search_words" in plan
