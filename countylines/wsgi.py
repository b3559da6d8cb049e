"""The door for the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countylines.settings")

application = get_wsgi_application()
# Before the web server forks: addresses, views and templates are loaded once for all workers.
reverse("overview")
gc.freeze()
