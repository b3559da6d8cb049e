"""Who gets which digest (design, section 1: digest readers)."""

from django.db.models import Q, QuerySet

from forces.models import Role, User
from forces.permissions import Permission, may
from recommendations.digests.content import BodyDigest, Contents, NationalDigest


def readers() -> QuerySet[User]:
    """Active liaison officers and observers, of their body; analysts and other observers, all."""
    roles = [Role.LIAISON_OFFICER, Role.ANALYST, Role.OBSERVER]
    return User.objects.filter(Q(is_active=True, role__in=roles)).select_related("body")


def digest_for(reader: User, contents: Contents) -> BodyDigest | NationalDigest:
    """What this reader is sent: what their body owes, or how all stand."""
    if reader.body is not None:
        return contents.of_body(reader.body)
    return contents.national(sees_papers=may(reader, Permission.SEE_PAPERS_OF_EVERY_BODY))
