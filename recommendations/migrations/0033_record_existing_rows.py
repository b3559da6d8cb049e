"""Events record the rows that were written before events had the hashes of rows.

They are recorded as they are now, in new events: history is not rewritten, and a change before now
cannot be found (docs/decisions/0021-row-hashes-and-heads.md). Events cannot be taken back. Other
writers of events wait for it: about a second for each 10,000 rows.
"""

from django.db import migrations

TABLES = (
    *("update", "review", "reviewcorrection", "duedatechange", "duedaterequest"),
    *("duedatedecision", "question", "reply", "withdrawal", "evidence", "assignment"),
)
CONDITIONS = {"evidence": "WHERE update_id IS NOT NULL"}
ASSIGNMENT_COLUMNS = (
    """, 'columns', '["recommendation_id","body_id","is_lead","assigned_at","original_due_on"]'"""
    "::jsonb"
)

RECORD = """
INSERT INTO forces_auditevent
    (at, act, subject_type, subject_id, details, request_id, recorded_rows,
     position, previous_hash, hash)
SELECT now(), 'rows recorded', '', '',
       jsonb_build_object('table', '{name}', 'count', count(*)), '',
       jsonb_agg(jsonb_build_object('table', '{name}', 'id', id{columns}) ORDER BY id),
       0, '', ''
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / 1000 AS batch
      FROM {name} {condition}) numbered
GROUP BY batch ORDER BY batch;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0031_stopped_deletions_and_email_choices"),
        ("forces", "0017_audit_events_record_rows"),
    ]

    operations = [
        migrations.RunSQL(
            "".join(
                RECORD.format(
                    name=f"recommendations_{table}",
                    condition=CONDITIONS.get(table, ""),
                    columns=ASSIGNMENT_COLUMNS if table == "assignment" else "",
                )
                for table in TABLES
            ),
            migrations.RunSQL.noop,
        )
    ]
