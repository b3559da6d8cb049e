"""Check that every organisation meets the constraint of the migration before."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("forces", "0030_forces_without_regional_unit")]

    operations = [ValidateConstraint(model_name="body", name="body_force_is_placed")]
