"""Add a table with the words of each update, which a trigger fills for new updates.

The trigger's function has the permissions of the tables' owner, because the release before this one
still submits updates, and its role has no permissions on the new table.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

TRIGGER = """
CREATE FUNCTION add_update_to_search() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO recommendations_updatesearch
        (update_id, inspection_id, body_id, submitted_at, words)
    SELECT NEW.id, m.inspection_id, a.body_id, NEW.submitted_at,
           to_tsvector('english_without_accents', NEW.account || ' ' || NEW.next_steps || ' '
                       || NEW.blockers || ' ' || NEW.signed_off_by)
    FROM recommendations_assignment a
    JOIN recommendations_recommendation m ON m.id = a.recommendation_id
    WHERE a.id = NEW.assignment_id;
    RETURN NULL;
END $$;
CREATE TRIGGER add_to_search AFTER INSERT ON recommendations_update
    FOR EACH ROW EXECUTE FUNCTION add_update_to_search();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_updatesearch
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_updatesearch
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO = """
DROP TRIGGER append_only_truncate ON recommendations_updatesearch;
DROP TRIGGER append_only ON recommendations_updatesearch;
DROP TRIGGER add_to_search ON recommendations_update;
DROP FUNCTION add_update_to_search();
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0044_search_without_accents")]

    operations = [
        migrations.CreateModel(
            name="UpdateSearch",
            fields=[
                (
                    "update",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="recommendations.update",
                    ),
                ),
                ("submitted_at", models.DateTimeField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "body",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forces.body",
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="recommendations.inspection",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["inspection", "-submitted_at"], name="update_search_newest"
                    ),
                    models.Index(
                        fields=["body", "inspection", "-submitted_at"],
                        name="update_search_of_body",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["words"], name="update_search_words"
                    ),
                ],
            },
        ),
        migrations.RunSQL(TRIGGER, UNDO),
    ]
