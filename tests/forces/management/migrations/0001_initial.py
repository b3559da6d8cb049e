from django.db import migrations


class Migration(migrations.Migration):
    """Has been applied to the test database, by allauth."""

    operations = []
