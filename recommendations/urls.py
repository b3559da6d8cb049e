"""Addresses of the register, the positions and the updates (design, section 7)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
