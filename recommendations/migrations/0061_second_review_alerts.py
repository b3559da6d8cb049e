"""Second reviewers get an alert when a claim waits for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0060_quotes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="alert",
            name="kind",
            field=models.CharField(
                choices=[
                    ("claim_returned", "Claim returned"),
                    ("more_time", "Request for more time decided"),
                    ("answered", "Question answered"),
                    ("review_late", "Review late"),
                    ("review_given", "Review assigned"),
                    ("second_review", "Second review needed"),
                    ("reminder", "Reminder"),
                    ("approval_wanted", "Approval needed"),
                    ("approval_late", "Approval still needed"),
                    ("approved", "Update approved"),
                    ("not_approved", "Update returned by a chief officer"),
                ],
                max_length=20,
            ),
        ),
    ]
