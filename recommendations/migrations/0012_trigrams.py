from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Names are found by likeness. A trusted extension: the owner of the database may make it."""

    dependencies = [("recommendations", "0011_downloads")]

    operations = [TrigramExtension()]
