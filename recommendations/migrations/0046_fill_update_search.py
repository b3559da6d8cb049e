"""Add the words of the updates that were submitted before there was the trigger.

About a minute for half a million updates, while the service is used. It can be interrupted and run
again.
"""

from typing import Any

from django.db import connection, migrations, transaction

BATCH_SIZE = 1000
FILL = """
WITH batch AS (
    SELECT u.* FROM recommendations_update u WHERE u.id > %s ORDER BY u.id LIMIT %s
), added AS (
    INSERT INTO recommendations_updatesearch
        (update_id, inspection_id, body_id, submitted_at, words)
    SELECT u.id, m.inspection_id, a.body_id, u.submitted_at,
           to_tsvector('english_without_accents', u.account || ' ' || u.next_steps || ' '
                       || u.blockers || ' ' || u.signed_off_by)
    FROM batch u
    JOIN recommendations_assignment a ON a.id = u.assignment_id
    JOIN recommendations_recommendation m ON m.id = a.recommendation_id
    WHERE NOT EXISTS (SELECT FROM recommendations_updatesearch s WHERE s.update_id = u.id)
    ON CONFLICT DO NOTHING
)
SELECT max(id) FROM batch
"""


def fill(apps: Any, schema_editor: Any) -> None:
    last: int | None = 0
    while last is not None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(FILL, [last, BATCH_SIZE])
            [last] = cursor.fetchone()


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("recommendations", "0045_update_search")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        # The planner chooses between the indexes by how common words are.
        migrations.RunSQL("ANALYZE recommendations_updatesearch", migrations.RunSQL.noop),
    ]
