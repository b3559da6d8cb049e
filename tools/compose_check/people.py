"""Run by `manage.py shell` in the web container: two people, whose password comes by stdin."""

import sys

from forces.models import Body, User

password = sys.stdin.read().strip()
User.objects.create_user("analyst@example.test", password, name="Ada Analyst", role="analyst")
force = Body.objects.filter(kind="force").order_by("pk")[0]
User.objects.create_user(
    "officer@example.test", password, name="Olu Officer", role="liaison_officer", body=force
)
