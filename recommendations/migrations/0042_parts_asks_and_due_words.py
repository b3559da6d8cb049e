"""Recommendations have parts, asks of forces, and due dates in the report's words.

The previous release still reads and writes `summary`, which is `text` in Python from now on, and
`source_status`, which is replaced by the checks of the next migration. The release after this one
drops `source_status`.
"""

import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import Q

_SMALL = "The table has a row for each recommendation: some dozens."


class Migration(migrations.Migration):
    lint_exceptions = {
        "adding-field-with-default": _SMALL,
        "constraint-missing-not-valid": _SMALL,
        "disallowed-unique-constraint": _SMALL,
        "ban-drop-constraint": "The new constraint allows more: parts, of which there are none yet.",
    }

    dependencies = [("recommendations", "0041_no_review_of_own_claims")]

    operations = [
        migrations.AddField(
            model_name="recommendation",
            name="part",
            field=models.CharField(blank=True, db_default="", default="", max_length=1),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="reference",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.text.Concat(
                    django.db.models.functions.comparison.Cast("number", models.TextField()),
                    "part",
                ),
                output_field=models.CharField(max_length=6),
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="text_is_verbatim",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Not selected: the text is our summary.",
                verbose_name="the text is the report's own",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="due_words",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=200,
                verbose_name="due date in the report's words",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="force_ask",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="This register's expectation of forces, in our words. Empty: nothing.",
                verbose_name="what forces are asked to do",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="force_done_when",
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                verbose_name="when that counts as done",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="recommendation", name="recommendation_number_unique"
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.UniqueConstraint(
                fields=("inspection", "number", "part"), name="recommendation_reference_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.CheckConstraint(
                condition=Q(part__regex="^[a-z]?$"), name="recommendation_part_is_a_letter"
            ),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.CheckConstraint(
                condition=Q(force_ask="", force_done_when="")
                | (~Q(force_ask="") & ~Q(force_done_when="")),
                name="recommendation_ask_says_when_done",
            ),
        ),
        migrations.AlterField(
            model_name="recommendation",
            name="source_status",
            field=models.CharField(
                choices=[("confirmed", "Confirmed"), ("theme", "Unconfirmed summary")],
                db_default="theme",
                help_text="Whether the summary was checked against the published report.",
                max_length=10,
            ),
        ),
        migrations.AlterModelOptions(
            name="recommendation", options={"ordering": ["inspection", "number", "part"]}
        ),
        migrations.AlterModelOptions(
            name="assignment",
            options={"ordering": ["recommendation__number", "recommendation__part", "body"]},
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="recommendation", name="source_status"),
                migrations.RenameField(
                    model_name="recommendation", old_name="summary", new_name="text"
                ),
                migrations.AlterField(
                    model_name="recommendation",
                    name="text",
                    field=models.TextField(db_column="summary"),
                ),
            ]
        ),
    ]
