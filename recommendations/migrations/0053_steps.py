"""Dated steps of an assignment: append-only rows; the latest one of a step counts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_step
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION step_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed_on date := (NEW.changed_at AT TIME ZONE 'Europe/London')::date;
    earlier recommendations_step;
BEGIN
    IF NEW.done_on > changed_on THEN
        RAISE EXCEPTION 'Step % of assignment % is done in the future.', NEW.step, NEW.assignment_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.number = 1 THEN
        RETURN NULL;
    END IF;
    SELECT * INTO earlier FROM recommendations_step
    WHERE assignment_id = NEW.assignment_id AND step = NEW.step AND number = NEW.number - 1
      AND changed_at <= NEW.changed_at AND NOT is_removed;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Step % of assignment % does not follow an earlier row.',
            NEW.step, NEW.assignment_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.reason = '' AND (NEW.due_on > earlier.due_on
        OR (earlier.done_on IS NULL AND earlier.due_on < COALESCE(NEW.done_on, changed_on))) THEN
        RAISE EXCEPTION 'Step % of assignment % slipped without a reason.',
            NEW.step, NEW.assignment_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_step
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION step_follows();
"""

UNDO_GUARDS = """
DROP TRIGGER follows_history ON recommendations_step;
DROP FUNCTION step_follows();
DROP TRIGGER append_only_truncate ON recommendations_step;
DROP TRIGGER append_only ON recommendations_step;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0052_self_assessed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.PositiveSmallIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=100)),
                ("due_on", models.DateField()),
                ("done_on", models.DateField(null=True)),
                ("is_removed", models.BooleanField()),
                ("reason", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField()),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="recommendations.assignment",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps_changed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["assignment", "step", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assignment", "step", "number"), name="step_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="step_has_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_removed", False), ("number__gt", 1), _connector="OR"
                        ),
                        name="step_is_removed_later",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
    ]
