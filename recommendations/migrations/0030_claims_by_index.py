from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The first claim of an assignment is found without reading all of its updates."""

    atomic = False

    dependencies = [("recommendations", "0028_organisation_labels")]

    operations = [
        AddIndexConcurrently(
            model_name="update",
            index=models.Index(
                fields=["assignment", "number"],
                name="update_claims",
                condition=Q(status="implemented"),
            ),
        ),
    ]
