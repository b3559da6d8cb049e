"""Moves the people of an organisation that ends to its successor."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from forces import audit
from forces.accounts.access import access_changed
from forces.accounts.memberships import end_membership
from forces.models import Body, CalendarFeed, Membership, User


def memberships_to_move(body: Body) -> QuerySet[Membership]:
    """Return what people have of the organisation, also from a later day on, by name."""
    rows = Membership.objects.open().filter(body=body, person__is_active=True)
    return rows.select_related("person", "body").order_by("person__name", "pk")


def lock_people(body: Body) -> None:
    """Lock everybody whom `move_memberships` changes, before the assignments are locked."""
    feeds = CalendarFeed.objects.filter(body=body, revoked_at=None)
    concerned = Q(pk__in=memberships_to_move(body).order_by().values("person"))
    people = User.objects.filter(concerned | Q(pk__in=feeds.values("person")))
    list(people.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def move_memberships(body: Body, *, successor: Body | None, by: User, at: datetime) -> int:
    """Give people the same roles in the successor, and end theirs here; return how many.

    Calendar addresses go on working. Without a successor the memberships end, and with the last
    one the account. The caller's transaction has locked the organisations and the people.
    """
    feeds = CalendarFeed.objects.filter(body=body, revoked_at=None)
    if successor is not None:
        others = CalendarFeed.objects.filter(body=successor, revoked_at=None)
        feeds.exclude(person__in=others.values("person")).update(body=successor)
    rows = list(memberships_to_move(body))
    for membership in rows:
        person = User.objects.get(pk=membership.person_id)
        if successor is None:
            end_membership(membership=membership, by=None, at=at)
        elif membership.is_main:
            # A trigger ends the main membership, and begins one in the successor.
            person.body = successor
            person.save(update_fields=["body"])
        else:
            _move(membership, successor, at=at)
        audit.record(
            at=at,
            act="membership moved" if successor else "membership ended with organisation",
            actor=by,
            subject=person,
            body=body,
            membership=membership.pk,
            role=membership.role,
            to=successor.name if successor else "",
        )
        access_changed.send(sender=User, person=person, by=None, at=at)
    feeds.update(revoked_at=at)
    return len(rows)


def _move(membership: Membership, successor: Body, *, at: datetime) -> None:
    """End a further membership, and begin one in the successor unless the person has one there."""
    today, own = timezone.localdate(at), Membership.objects.filter(pk=membership.pk)
    own.update(ended_at=at)
    if not Membership.objects.open().filter(person=membership.person, body=successor).exists():
        Membership.objects.create(
            person=membership.person,
            body=successor,
            role=membership.role,
            from_on=max(membership.from_on, today),
            until_on=max(membership.until_on, today) if membership.until_on else None,
            source=membership.source,
        )
