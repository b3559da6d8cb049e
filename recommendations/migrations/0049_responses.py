"""Responses of organisations to an inspection: append-only rows; the latest one counts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARDS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON recommendations_response
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON recommendations_response
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION response_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM recommendations_inspection i JOIN forces_body b ON b.id = NEW.body_id
        LEFT JOIN recommendations_recommendation m ON m.id = NEW.recommendation_id
        WHERE i.id = NEW.inspection_id AND b.kind <> 'force'
          AND (CASE WHEN NEW.recommendation_id IS NULL THEN b.kind = 'local_policing_body'
               ELSE m.inspection_id = i.id END)
          AND NEW.responded_on BETWEEN i.published_on
              AND (NEW.entered_at AT TIME ZONE 'Europe/London')::date
    ) THEN
        RAISE EXCEPTION 'Response % does not fit its organisation or inspection.', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.number > 1 AND NOT EXISTS (
        SELECT FROM recommendations_response before
        WHERE before.inspection_id = NEW.inspection_id AND before.body_id = NEW.body_id
          AND before.recommendation_id IS NOT DISTINCT FROM NEW.recommendation_id
          AND before.number = NEW.number - 1 AND before.entered_at <= NEW.entered_at
    ) THEN
        RAISE EXCEPTION 'Response % does not follow an earlier one.', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER follows_history AFTER INSERT ON recommendations_response
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION response_follows();
"""
UNDO_GUARDS = """
DROP TRIGGER follows_history ON recommendations_response;
DROP FUNCTION response_follows();
DROP TRIGGER append_only_truncate ON recommendations_response;
DROP TRIGGER append_only ON recommendations_response;
"""

NOT_ASSIGNED = """
CREATE FUNCTION refuse_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM forces_body WHERE id = NEW.body_id AND kind = 'local_policing_body') THEN
        RAISE EXCEPTION 'Organisation % is a local policing body: nothing is assigned to it.',
            NEW.body_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER not_of_local_policing_body
    BEFORE INSERT OR UPDATE OF body_id ON recommendations_assignment
    FOR EACH ROW EXECUTE FUNCTION refuse_assignment();
"""
UNDO_NOT_ASSIGNED = """
DROP TRIGGER not_of_local_policing_body ON recommendations_assignment;
DROP FUNCTION refuse_assignment();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("forces", "0025_local_policing_bodies"),
        ("recommendations", "0048_absences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("accepted", "Accepted"),
                            ("in_part", "Accepted in part"),
                            ("not_accepted", "Not accepted"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("responded_on", models.DateField()),
                ("link", models.URLField(blank=True, max_length=500)),
                ("entered_at", models.DateTimeField()),
                ("is_on_behalf", models.BooleanField()),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="forces.body",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses_entered",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "inspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="recommendations.inspection",
                    ),
                ),
                (
                    "recommendation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="recommendations.recommendation",
                    ),
                ),
            ],
            options={
                "ordering": ["inspection", "body", "recommendation", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("recommendation", None)),
                        fields=("inspection", "body", "number"),
                        name="response_to_report_number_unique",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recommendation__isnull", False)),
                        fields=("body", "recommendation", "number"),
                        name="response_number_unique",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer", "accepted"),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="response_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("link__regex", "^(https?://.+)?$")),
                        name="response_link_is_an_address",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, UNDO_GUARDS),
        migrations.RunSQL(NOT_ASSIGNED, UNDO_NOT_ASSIGNED),
    ]
