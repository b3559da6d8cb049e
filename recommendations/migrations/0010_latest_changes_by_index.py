from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The newest reviews and due date changes are found without sorting all of them."""

    atomic = False

    dependencies = [("recommendations", "0009_snapshots_of_whole_pages")]

    operations = [
        AddIndexConcurrently(
            model_name="review",
            index=models.Index(fields=["-reviewed_at"], name="review_newest"),
        ),
        AddIndexConcurrently(
            model_name="duedatechange",
            index=models.Index(fields=["-decided_at"], name="due_date_change_newest"),
        ),
    ]
