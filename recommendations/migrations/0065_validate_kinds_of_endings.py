"""Check that every ending meets the constraint of the migration before."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0064_moved_assignments")]

    operations = [ValidateConstraint(model_name="ending", name="ending_kind_known")]
