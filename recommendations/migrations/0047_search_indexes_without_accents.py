from django.db import migrations

# The expressions are those of recommendations/dashboards/search/sql.py.
INDEXES = {
    "search_question_words": (
        "recommendations_question",
        "to_tsvector('english_without_accents', text)",
    ),
    "search_reply_words": (
        "recommendations_reply",
        "to_tsvector('english_without_accents', text)",
    ),
    "search_evidence_words": (
        "recommendations_evidence",
        "to_tsvector('simple_without_accents', translate(name, '._-', '   '))",
    ),
    "search_evidence_similar": (
        "recommendations_evidence",
        "without_accents(name) gin_trgm_ops",
    ),
}


class Migration(migrations.Migration):
    """Questions, replies and evidence are found without accents.

    The release before this one uses the indexes of migration 0013. A later one removes them.
    """

    atomic = False

    dependencies = [("recommendations", "0046_fill_update_search")]

    operations = [
        *(
            migrations.RunSQL(
                [
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY {name} ON {table} USING gin ({expression})",
                ],
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
            )
            for name, (table, expression) in INDEXES.items()
        ),
        *(
            migrations.RunSQL(f"ANALYZE {table}", migrations.RunSQL.noop)
            for table in sorted({table for table, _ in INDEXES.values()})
        ),
    ]
