"""The people who sign in. `forces.permissions` says what each role may do."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from forces.models.body import Body
from forces.models.membership import Membership
from forces.text import (
    clean_name,
    normalise_email,
    validate_email_letters,
    validate_fields,
    validate_name,
)

if TYPE_CHECKING:
    from django.db.models.base import Model


class Role(models.TextChoices):
    """What a person does in the service."""

    ANALYST = "analyst", "Home Office analyst"
    LIAISON_OFFICER = "liaison_officer", "Force liaison officer"
    CHIEF_OFFICER = "chief_officer", "Chief officer"
    SECOND_REVIEWER = "second_reviewer", "Second reviewer"
    OBSERVER = "observer", "Observer"
    LOCAL_POLICING_BODY = "local_policing_body", "Local policing body"
    ADMINISTRATOR = "administrator", "Administrator"


# They need an organisation.
ROLES_WITH_BODY = [
    *(Role.LIAISON_OFFICER, Role.CHIEF_OFFICER),
    *(Role.SECOND_REVIEWER, Role.LOCAL_POLICING_BODY),
]
ROLES_WITHOUT_BODY = [Role.ANALYST, Role.ADMINISTRATOR]  # they cannot have one


def policing_role_error(role: str | None, body: Body | None) -> str:
    """Return what is wrong: local policing bodies have this role alone, and nobody else has it."""
    if role == Role.LOCAL_POLICING_BODY and body is not None and not body.is_local_policing_body:
        return "Select a local policing body, such as a police and crime commissioner"
    if role != Role.LOCAL_POLICING_BODY and body is not None and body.is_local_policing_body:
        return "People of a local policing body have the role “Local policing body”"
    return ""


class UserManager(BaseUserManager["User"]):
    """Finds people by email address, ignoring case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=normalise_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=normalise_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an administrator. Used by `manage.py createsuperuser`."""
        fields.setdefault("role", Role.ADMINISTRATOR)
        return self.create_user(email, password, **fields)


class User(AbstractBaseUser):
    """A person. Officers have an organisation, analysts have none.

    `role` and `body` are those of the main membership in the database. In a request they are those
    of the membership that the person acts for (`act_for`), which is never saved.
    """

    email = models.EmailField("email address", max_length=254, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role)
    body = models.ForeignKey(
        Body,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name="organisation",
    )
    is_active = models.BooleanField(
        "may sign in", default=True, help_text="Untick this when a person leaves."
    )
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    has_second_factor = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="An authenticator app or a passkey; kept by a trigger on the factors.",
    )
    has_provider_factor = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="The provider of the single sign-on asked for a second factor.",
    )
    prefers_one_page = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Answers all the questions of an update on one page.",
    )

    has_other_memberships = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="More than one membership, or one that ends: kept by a trigger on them.",
    )

    acting: Membership | None = None  # the membership that the person acts for
    choices: Sequence[Membership] = ()  # the current ones, if there are several

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Another person already has this email address.",
            ),
            models.CheckConstraint(
                name="user_email_ascii",
                condition=Q(email__regex=r"^[!-~]+$"),
                violation_error_message="Email address must not have accents or spaces.",
            ),
            models.CheckConstraint(
                name="user_body_fits_role",
                condition=Q(role__in=ROLES_WITH_BODY, body__isnull=False)
                | Q(role="observer")
                | Q(role__in=ROLES_WITHOUT_BODY, body=None),
                violation_error_message="Officers, second reviewers and readers of local policing "
                "bodies need an organisation. Analysts and administrators cannot have one.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Bring the name and the email address to their normal form, and check their letters."""
        self.name = clean_name(self.name)
        validate_fields(self, {"name": validate_name, "email": validate_email_letters})
        self.email = normalise_email(self.email)
        if error := policing_role_error(self.role, self.body):
            raise ValidationError({"body": error})
        if self.is_active and self.body is not None and self.body.ended_at is not None:
            raise ValidationError({"body": f"{self.body.name} has ended"})
        super().clean()

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password; a hash with earlier parameters is made again.

        That is no new password, so the trigger on passwords leaves API tokens and calendar
        addresses alone (`forces/migrations`).
        """

        def hash_again(raw_password: str) -> None:
            self.set_password(raw_password)
            self._password = None  # for Django, too, the password has not changed
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL forces.same_password = 'yes'")
                self.save(update_fields=["password"])
                cursor.execute("SET LOCAL forces.same_password = ''")

        return check_password(raw_password, self.password, hash_again)

    def act_for(self, membership: Membership) -> None:
        """Let `role` and `body` be those of the membership, in this instance only."""
        self._main_place = self.main_place
        self.acting, self.role = membership, membership.role
        if "body" in membership._state.fields_cache:
            self.body = membership.body
        else:
            self.body_id = membership.body_id

    @property
    def documents_body(self) -> Body | None:
        """The organisation whose documents the person sees: their own, or its force."""
        if self.role == Role.LOCAL_POLICING_BODY and self.body is not None:
            return self.body.force
        return self.body

    @property
    def documents_body_id(self) -> int | None:
        """The key of `documents_body`; no query, except for local policing bodies."""
        if self.role == Role.LOCAL_POLICING_BODY and self.body is not None:
            return self.body.force_id
        return self.body_id

    @property
    def main_place(self) -> tuple[str, int | None]:
        """Role and key of the organisation of the main membership."""
        return getattr(self, "_main_place", (self.role, self.body_id))

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Save. The role and organisation that somebody only acts for are left out."""
        if self.acting is not None:
            names = {field.name for field in self._meta.concrete_fields if not field.primary_key}
            wanted = names if update_fields is None else set(update_fields)
            update_fields = wanted - {"role", "body", "has_other_memberships"}
        super().save(*args, update_fields=update_fields, **options)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Covers password and access, so that a change of either ends all sessions."""
        role, body_id = self.main_place
        value = f"{self.password}|{role}|{body_id}|{self.is_active}"
        return salted_hmac(
            "forces.User.session", value, secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def is_staff(self) -> bool:
        """Used by Django's admin."""
        return self.role == Role.ADMINISTRATOR

    def has_perm(self, perm: str, obj: "Model | None" = None) -> bool:
        """Used by Django's admin only. The service uses `forces.permissions`."""
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class Departure(models.Model):
    """When an account was closed, and when the person's name was removed, if it was.

    Created by the nightly job, so `left_at` can be up to a day late. Deleted if the account is
    opened again, which is not possible after `removed_at`.
    """

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="departure")
    left_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} left at {self.left_at}"
