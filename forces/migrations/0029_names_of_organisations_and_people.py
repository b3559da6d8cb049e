"""Store the names of organisations with dates, append-only, and the former names of people."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON forces_bodyname
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON forces_bodyname
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

UNDO_APPEND_ONLY = """
DROP TRIGGER append_only_truncate ON forces_bodyname;
DROP TRIGGER append_only ON forces_bodyname;
"""


class Migration(migrations.Migration):
    dependencies = [("forces", "0028_readers_of_local_policing_bodies")]

    operations = [
        migrations.CreateModel(
            name="BodyName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("short_name", models.CharField(max_length=60)),
                (
                    "since",
                    models.DateField(null=True, help_text="Its first London day. None: always."),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="names",
                        to="forces.body",
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="forces.bodyname",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        help_text="None: read from the register, or its name before any was recorded.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="bodyname_is_given",
                        condition=~models.Q(name="") & ~models.Q(short_name=""),
                    )
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, UNDO_APPEND_ONLY),
        migrations.CreateModel(
            name="PersonName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("until", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_names",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "until"], name="personname_by_person")],
            },
        ),
    ]
