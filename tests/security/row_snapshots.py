"""Reads the rows that a user of one force must not change: other forces' records and roles."""

from typing import Any

from django.db.models import Q

from forces.models import ApiToken, Body, CalendarFeed, User
from recommendations import models
from recommendations.models import Assignment

_PATHS_TO_ASSIGNMENT: dict[Any, str] = {
    models.Update: "assignment",
    models.Draft: "assignment",
    models.FlagEpisode: "assignment",
    models.DueDateChange: "assignment",
    models.DueDateRequest: "assignment",
    models.DueDateDecision: "request__assignment",
    models.Withdrawal: "assignment",
    models.Ending: "withdrawal__assignment",
    models.Question: "assignment",
    models.Reply: "question__assignment",
    models.Review: "update__assignment",
    models.ReviewCorrection: "review__update__assignment",
    models.SecondReview: "review__update__assignment",
}
_PATHS_TO_USER: dict[Any, str] = {
    ApiToken: "person",
    CalendarFeed: "person",
    models.SavedView: "owner",
    models.Download: "asked_by",
    models.EmailPreference: "reader",
    models.Digest: "reader",
    models.OutboxEmail: "reader",
}


def rows_of_others(body: Body) -> dict[str, list[Any]]:
    """Return the rows of all other forces by model name, and everybody's permissions.

    Leaves out what any user may change about themselves, and whether the chief officers of the
    body get copies of its emails and approve its updates, which its people decide.
    """
    querysets = {"assignment": Assignment.objects.exclude(body=body)}
    for model, path in _PATHS_TO_ASSIGNMENT.items():
        querysets[model.__name__] = model.objects.exclude(**{f"{path}__body": body})
    for model, path in _PATHS_TO_USER.items():
        is_other = Q(**{f"{path}__name": "Es Sex"}) | Q(**{f"{path}__name": "Other Analyst"})
        querysets[model.__name__] = model.objects.filter(is_other)
    is_other = ~Q(draft__assignment__body=body) & ~Q(update__assignment__body=body)
    querysets["Evidence"] = models.Evidence.objects.filter(is_other)
    querysets["Body"] = Body.objects.all()
    querysets["Recommendation"] = models.Recommendation.objects.all()
    rows = {name: list(queryset.order_by("pk").values()) for name, queryset in querysets.items()}
    for row in rows["Body"]:
        if row["id"] == body.pk:
            del row["copies_to_chief_officers"], row["requires_approval"]
    return rows | {"roles": user_permissions()}


def user_permissions() -> list[Any]:
    users = User.objects.order_by("pk")
    return list(users.values("pk", "email", "name", "role", "body", "is_active"))
