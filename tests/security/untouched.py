"""What nobody of one body may change: everything of every other body, and who may do what."""

from typing import Any

from django.db.models import Q

from forces.models import ApiToken, Body, CalendarFeed, User
from recommendations import models
from recommendations.models import Assignment

_OF_AN_ASSIGNMENT: dict[Any, str] = {
    models.Update: "assignment",
    models.Draft: "assignment",
    models.FlagEpisode: "assignment",
    models.DueDateChange: "assignment",
    models.DueDateRequest: "assignment",
    models.DueDateDecision: "request__assignment",
    models.Withdrawal: "assignment",
    models.Question: "assignment",
    models.Reply: "question__assignment",
    models.Review: "update__assignment",
    models.ReviewCorrection: "review__update__assignment",
}
_OF_A_PERSON: dict[Any, str] = {
    ApiToken: "person",
    CalendarFeed: "person",
    models.SavedView: "owner",
    models.Download: "asked_by",
    models.MailChoice: "reader",
    models.Digest: "reader",
    models.OutboxMail: "reader",
}


def others_than(body: Body) -> dict[str, list[Any]]:
    """Every such row, by its table. What people may change of themselves is left out."""
    rows = {"assignment": Assignment.objects.exclude(body=body)}
    for model, path in _OF_AN_ASSIGNMENT.items():
        rows[model.__name__] = model.objects.exclude(**{f"{path}__body": body})
    for model, path in _OF_A_PERSON.items():
        strangers = Q(**{f"{path}__name": "Es Sex"}) | Q(**{f"{path}__name": "Stran Ger"})
        rows[model.__name__] = model.objects.filter(strangers)
    is_of_another = ~Q(draft__assignment__body=body) & ~Q(update__assignment__body=body)
    rows["Evidence"] = models.Evidence.objects.filter(is_of_another)
    rows["Body"] = Body.objects.all()
    rows["Recommendation"] = models.Recommendation.objects.all()
    kept = {name: list(found.order_by("pk").values()) for name, found in rows.items()}
    return kept | {"roles": who_may_what()}


def who_may_what() -> list[Any]:
    people = User.objects.order_by("pk")
    return list(people.values("pk", "email", "name", "role", "body", "is_active"))
