import django.db.models.expressions
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built beside the writing: the trail is never locked for it."""

    atomic = False

    dependencies = [("forces", "0003_audit_request_id")]

    operations = [
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(fields=["act"], name="audit_act"),
        ),
        AddIndexConcurrently(
            model_name="auditevent",
            index=models.Index(
                django.db.models.expressions.F("details__assignment"), name="audit_assignment"
            ),
        ),
    ]
