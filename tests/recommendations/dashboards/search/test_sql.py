"""The SQL of the search uses the indexes of its migration."""

import importlib

from django.db import connection

from recommendations.dashboards.search.sql import HITS, VECTORS


def test_the_indexes_have_the_same_expressions_and_are_used(db):
    indexes = importlib.import_module("recommendations.migrations.0013_search_by_index").INDEXES
    for kind in ("update", "question", "reply", "evidence"):
        alias = {"update": "u.", "question": "q.", "reply": "r.", "evidence": "e."}[kind]
        assert indexes[f"search_{kind}"][1] == VECTORS[kind].replace(alias, "")
    conditions = {name: f"{VECTORS[name]} @@ to_tsquery('x')" for name in VECTORS}
    conditions["evidence"] += " OR 'x' <% e.name"
    plan = ""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for kind, alias in (("update", "u"), ("question", "q"), ("reply", "r"), ("evidence", "e")):
            assert VECTORS[kind] in HITS
            cursor.execute(
                f"EXPLAIN SELECT 1 FROM recommendations_{kind} {alias} WHERE {conditions[kind]}"
            )
            plan += "\n".join(row[0] for row in cursor.fetchall())
    for name in indexes:
        assert f"Bitmap Index Scan on {name} " in plan, name
