"""Addresses of a claim."""

from django.urls import reverse

from recommendations.models import Update


def url_of(claim: Update) -> str:
    return reverse("review", args=[claim.pk])


def hold_url(claim: Update) -> str:
    return reverse("review_hold", args=[claim.pk])
