"""The third-party URLs of the baseline of `start.py`, and an API without endpoints."""

from django.contrib import admin
from django.urls import include, path
from ninja import NinjaAPI

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("api/", NinjaAPI(docs_url=None).urls),
]
