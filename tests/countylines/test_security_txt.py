from datetime import datetime, timedelta

from django.utils import timezone

PATH = "/.well-known/security.txt"


def test_it_says_where_to_report_a_vulnerability_and_until_when(client, settings):
    settings.CONTACT_EMAIL = "security@tracker.example"
    settings.BASE_URL = "https://tracker.example"
    response = client.get(PATH)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    remaining = datetime.fromisoformat(fields.pop("Expires")) - timezone.now()
    assert timedelta(days=30) < remaining < timedelta(days=365)
    assert fields == {
        "Contact": "mailto:security@tracker.example",
        "Preferred-Languages": "en",
        "Canonical": "https://tracker.example/.well-known/security.txt",
        "Policy": "https://tracker.example/security/",
    }


def test_without_a_contact_it_names_the_policys_page(client, settings):
    settings.CONTACT_EMAIL = ""
    text = client.get(PATH).content.decode()
    assert f"Contact: {settings.BASE_URL}/security/\n" in text


def test_it_cannot_be_posted_to(client):
    assert client.post(PATH).status_code == 405
