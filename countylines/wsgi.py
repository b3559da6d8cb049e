"""The WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countylines.settings")

application = get_wsgi_application()
# Import all views before the web server forks, so that its workers share the memory.
reverse("overview")
gc.freeze()
