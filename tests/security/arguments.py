"""Whose object an address is asked for: its arguments, for each kind of asker.

A new address without parameters needs nothing here. One with parameters needs a maker in
`MAKERS`, under its name: a function of the stage and the asker that returns the arguments for
each "whose". The argument "?" is the query behind the path, "token" one of the API that is sent
along. The admin's addresses find an object by their model.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.auth.tokens import default_token_generator
from django.contrib.contenttypes.models import ContentType
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from recommendations.emails import unsubscribe
from recommendations.models import Assignment
from tests.security.addresses import ADMIN, Address
from tests.security.stage import (
    ASKED,
    BODIES,
    DRAFTED,
    OTHER,
    OWN,
    UNTOUCHED,
    WAITING,
    Stage,
)

Arguments = dict[str, Any]
Maker = Callable[[Stage, str], dict[str, Arguments]]
ANY, NONE = "", "no such"


def arguments_of(address: Address, stage: Stage, asker: str) -> dict[str, Arguments]:
    """By whose object. Raises LookupError with a sentence where nobody has said."""
    if address.route.startswith("api/v1/"):
        return {ANY: {}} | _tokens(stage, asker)
    if not address.parameters:
        return {ANY: {}}
    if address.name in MAKERS:
        return MAKERS[address.name](stage, asker)
    if address.route.startswith(ADMIN) and "object_id" in address.parameters:
        return {ANY: {"object_id": _first(address.route)}}
    raise LookupError(
        f"Nobody has said which objects the address {address.route!r} is asked for: give "
        f"tests/security/arguments.py a maker for its name {address.name!r}, which returns "
        f"{', '.join(address.parameters)} for “{OWN}” and “{OTHER}”."
    )


def _first(route: str) -> Any:
    """The key of some object of the model that `<admin>/<app>/<model>/` is about."""
    _, app, model, *_ = route.split("/")
    found = apps.get_model(app, model)._default_manager.first()
    return found.pk if found is not None else 0


def _tokens(stage: Stage, asker: str) -> dict[str, Arguments]:
    """The asker's own tokens in each state; nobody has a token that nobody made."""
    states = ("in force", "revoked", "run out")
    made = {f"token {state}": stage.tokens.get((asker, state), "clt_none") for state in states}
    return {whose: {"token": secret} for whose, secret in made.items()}


def _same(**arguments: Any) -> Maker:
    return lambda stage, asker: {ANY: arguments}


def _assignment(number: int, **more: Any) -> Maker:
    def made(stage: Stage, asker: str) -> dict[str, Arguments]:
        slugs = {whose: stage.world.forces[name].slug for whose, name in BODIES.items()}
        rows = {whose: {"slug": slug, "number": number} | more for whose, slug in slugs.items()}
        return rows | {NONE: {"slug": "atlantis", "number": number} | more}

    return made


def _papers(argument: str, found: Callable[[Any], Any], *, none: Any = 987654) -> Maker:
    def made(stage: Stage, asker: str) -> dict[str, Arguments]:
        rows = {whose: {argument: found(papers)} for whose, papers in stage.papers.items()}
        return rows | {NONE: {argument: none}}

    return made


def _kept(argument: str, *key: Any, none: Any = 987654) -> Maker:
    """One's own thing, and that of somebody of another body (or, for them, of nobody else)."""

    def made(stage: Stage, asker: str) -> dict[str, Arguments]:
        own = "officer" if asker == "signed out" else asker
        return {
            OWN: {argument: stage.kept[own, *key]},
            OTHER: {argument: stage.kept["Essex", *key]},
            NONE: {argument: none},
        }

    return made


def _views(stage: Stage, asker: str) -> dict[str, Arguments]:
    private, shared = (_kept("view_id", "view", is_shared) for is_shared in (False, True))
    return private(stage, asker) | {
        "other, shared": shared(stage, asker)[OTHER],
        "analyst's": {"view_id": stage.kept["stranger", "view", False]},
        "analyst's, shared": {"view_id": stage.kept["stranger", "view", True]},
    }


def _in_the_house(argument: str, key: str) -> Maker:
    return lambda stage, asker: {
        whose: {argument: found} for whose, found in stage.kept[key].items()
    }


def _reset(stage: Stage, asker: str) -> dict[str, Arguments]:
    person = stage.people["officer"]
    key = urlsafe_base64_encode(force_bytes(person.pk))
    return {
        "true link": {"uidb64": key, "token": default_token_generator.make_token(person)},
        "forged": {"uidb64": key, "token": "c0ffee-0123456789abcdef"},
    }


def _leave(stage: Stage, asker: str) -> dict[str, Arguments]:
    signed = unsubscribe.path_for(stage.people["officer"].pk, unsubscribe.WEEKLY)
    return {
        "true link": {"token": signed.removeprefix("/digests/unsubscribe/").rstrip("/")},
        "forged": {"token": "x:y"},
    }


def _person(stage: Stage, asker: str) -> dict[str, Arguments]:
    return {ANY: {"person_id": stage.people["officer"].pk}, NONE: {"person_id": 987654}}


def _reader(stage: Stage, asker: str) -> dict[str, Arguments]:
    return {whose: {"reader_id": papers.officer.pk} for whose, papers in stage.papers.items()}


_NO_KEY = uuid.UUID(int=1)
MAKERS: dict[str, Maker] = {
    **dict.fromkeys(("recommendation", "accounts"), _same(number=ASKED)),
    "reviews_together": _same(number=WAITING),
    "region": _same(slug="south-east"),
    "rocu": _same(slug="eastern"),
    "force": lambda stage, asker: {
        whose: {"slug": found["slug"]} for whose, found in _assignment(ASKED)(stage, asker).items()
    },
    "calendar_feed": lambda stage, asker: MAKERS["force"](stage, asker),
    "calendar_file": _kept("secret", "calendar", none="x" * 43),
    **dict.fromkeys(("assignment", "panel", "questions", "more_time"), _assignment(ASKED)),
    "withdraw": _assignment(UNTOUCHED),
    **dict.fromkeys(("update", "update_check", "update_discard"), _assignment(DRAFTED)),
    "update_evidence": _assignment(DRAFTED),
    "update_step": _assignment(DRAFTED, step="progress"),
    "update_correct": _assignment(ASKED),
    "evidence": lambda stage, asker: {
        **_papers("key", lambda papers: papers.evidence.key, none=_NO_KEY)(stage, asker),
        **{
            f"{whose}, draft's": {"key": papers.draft_evidence.key}
            for whose, papers in stage.papers.items()
        },
    },
    "import_batch": lambda stage, asker: {ANY: {"batch_id": stage.kept["batch"]}},
    **dict.fromkeys(
        ("review", "review_hold"), _papers("update_id", lambda papers: papers.claim.pk)
    ),
    "review_correct": _papers("update_id", lambda papers: papers.accepted.pk),
    "due_date_request": _papers("request_id", lambda papers: papers.request),
    "api_token_revoke": _kept("token_id", "token"),
    **dict.fromkeys(("view_open", "view_change", "view_delete"), _views),
    **dict.fromkeys(("made_download", "made_file"), _kept("key", "download", none=_NO_KEY)),
    "file_of_page": lambda stage, asker: {
        f"{page}{query}": {"page": page, "name": "all", "kind": "xlsx", "?": query}
        for page, query in FILES
    },
    "digests_leave": _leave,
    **dict.fromkeys(
        ("digest", "digest_html", "digest_again"), _in_the_house("digest_id", "digests")
    ),
    **dict.fromkeys(("digest_preview", "digest_preview_html", "digest_test"), _reader),
    "parked_again": lambda stage, asker: {
        "run": {"kind": "run", "key": stage.kept["run"]},
        "import": {"kind": "import", "key": stage.kept["parked batch"]},
        "mail": {"kind": "mail", "key": stage.kept["mails"][OTHER]},
    },
    **dict.fromkeys(
        ("person", "person_invite_again", "person_factors", "person_data", "person_remove"), _person
    ),
    "invitation": lambda stage, asker: {
        "true link": {"secret": stage.kept["invitation"]},
        "forged": {"secret": "x" * 43},
    },
    **dict.fromkeys(
        ("mfa_edit_webauthn", "mfa_remove_webauthn"),
        lambda stage, asker: {OTHER: {"pk": stage.kept["passkey"]}, NONE: {"pk": 987654}},
    ),
    **dict.fromkeys(
        ("openid_connect_login", "openid_connect_callback"), _same(provider_id="single-sign-on")
    ),
    **dict.fromkeys(("mailbox_message", "mailbox_message_html"), _same(key="nothing")),
    "password_reset_confirm": _reset,
    "admin:view_on_site": lambda stage, asker: {
        ANY: {
            "content_type_id": ContentType.objects.get_for_model(Assignment).pk,
            "object_id": stage.papers[OWN].assignments[ASKED].pk,
        }
    },
    "admin:app_list": _same(app_label="forces"),
    "admin:": lambda stage, asker: {NONE: {"url": "nowhere", "object_id": 1}},
}
FILES = (
    *(("overview", ""), ("heatmap", ""), ("recommendations", ""), ("forces", ""), ("trends", "")),
    *(("changes", ""), ("force", "?of=kent"), ("force", "?of=essex"), ("recommendation", "?of=7")),
    *(("region", "?of=south-east"), ("rocu", "?of=eastern"), ("nothing", "")),
)
