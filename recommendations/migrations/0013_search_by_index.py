from django.db import migrations

# The expressions are those of recommendations/dashboards/search/sql.py.
INDEXES = {
    "search_update": (
        "recommendations_update",
        "to_tsvector('english', account || ' ' || next_steps || ' ' || blockers)",
    ),
    "search_question": ("recommendations_question", "to_tsvector('english', text)"),
    "search_reply": ("recommendations_reply", "to_tsvector('english', text)"),
    "search_evidence": (
        "recommendations_evidence",
        "to_tsvector('simple', translate(name, '._-', '   '))",
    ),
    "search_evidence_like": ("recommendations_evidence", "name gin_trgm_ops"),
}


class Migration(migrations.Migration):
    """Made beside the running service: nobody waits. A try that was cut off is cleared first."""

    atomic = False

    dependencies = [("recommendations", "0012_trigrams")]

    operations = [
        migrations.RunSQL(
            [
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                f"CREATE INDEX CONCURRENTLY {name} ON {table} USING gin ({expression})",
            ],
            f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        )
        for name, (table, expression) in INDEXES.items()
    ]
