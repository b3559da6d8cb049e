"""Store when organisations end, append-only, and which other ones have their work then."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON forces_bodyend
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON forces_bodyend
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
UNDO_APPEND_ONLY = """
DROP TRIGGER append_only_truncate ON forces_bodyend;
DROP TRIGGER append_only ON forces_bodyend;
"""


def body_key(related_name: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to="forces.body",
        **options,
    )


class Migration(migrations.Migration):
    lint_exceptions = {
        "adding-foreign-key-constraint": "The table has a row for each of about 100 organisations.",
        "require-concurrent-index-creation": "The same.",
    }

    dependencies = [("forces", "0035_audit_chain_uses_its_index")]

    operations = [
        migrations.AddField(
            model_name="body",
            name="ended_at",
            field=models.DateTimeField(
                editable=False,
                help_text="The instant from which it does not exist any more.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="body",
            name="succeeded_by",
            field=body_key(
                "predecessors",
                editable=False,
                help_text="Of one that has ended: the organisation that has its work now.",
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="BodyEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ends_on", models.DateField(null=True)),
                ("reason", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("body", body_key("ends")),
                ("successor", body_key("ends_of_predecessors", null=True)),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="forces.bodyend",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        name="bodyend_in_one_order",
                        fields=["body"],
                        condition=models.Q(corrects=None),
                    ),
                    models.CheckConstraint(
                        name="bodyend_not_into_itself",
                        condition=models.Q(successor=None) | ~models.Q(successor=models.F("body")),
                    ),
                    models.CheckConstraint(
                        name="bodyend_cancelled_by_correction",
                        condition=models.Q(ends_on__isnull=False)
                        | models.Q(successor=None, corrects__isnull=False),
                    ),
                    models.CheckConstraint(
                        name="bodyend_has_reason", condition=~models.Q(reason="")
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, UNDO_APPEND_ONLY),
    ]
