from django.utils import timezone

from forces.accounts import emails


def test_password_links_are_sent_by_notify(world, notify, settings, client):
    settings.EMAIL_BACKEND = "recommendations.emails.transports.notify_backend.NotifyBackend"
    client.post("/accounts/reset/", {"email": world.officer.email})
    emails.send_queued(at=timezone.now())
    [email] = notify.accepted
    assert email["email_address"] == world.officer.email
    assert "/accounts/reset/" in email["personalisation"]["body"]
