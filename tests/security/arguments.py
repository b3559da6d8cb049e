"""The URL arguments of every endpoint: its object, by the owner of the object.

An endpoint without parameters needs nothing here. One with parameters needs an entry in
`ARGUMENTS` under its name: a function of the scenario and the user name that returns the arguments
by owner. The argument "?" is the query after the path, "token" the API token to send. The admin's
endpoints find an object by their model.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.auth.tokens import default_token_generator
from django.contrib.contenttypes.models import ContentType
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from recommendations import rules
from recommendations.emails import unsubscribe
from recommendations.models import Assignment
from tests.security.endpoints import ADMIN, UrlEndpoint
from tests.security.force_records import (
    APPROVAL,
    CLAIMED,
    DRAFTED,
    NOT_STARTED,
    QUESTIONED,
    ForceRecords,
)
from tests.security.scenario import FORCES, OTHER, OWN, TOKEN_STATES, Scenario

Arguments = dict[str, Any]
ArgumentFunction = Callable[[Scenario, str], dict[str, Arguments]]
NO_OWNER, MISSING = "", "missing"
MISSING_ID = 987654
MISSING_KEY = uuid.UUID(int=1)


def arguments_by_owner(
    endpoint: UrlEndpoint, scenario: Scenario, user_name: str
) -> dict[str, Arguments]:
    """Return the arguments by owner. Raises LookupError if `ARGUMENTS` lacks the endpoint."""
    if endpoint.route.startswith("api/v1/"):
        return {NO_OWNER: {}} | _tokens(scenario, user_name)
    if not endpoint.parameters:
        return {NO_OWNER: {}}
    if endpoint.name in ARGUMENTS:
        return ARGUMENTS[endpoint.name](scenario, user_name)
    if endpoint.route.startswith(ADMIN) and "object_id" in endpoint.parameters:
        return {NO_OWNER: {"object_id": _first_primary_key(endpoint.route)}}
    raise LookupError(
        f"The endpoint {endpoint.route!r} needs arguments: add a function to ARGUMENTS in "
        f"tests/security/arguments.py under its name {endpoint.name!r}, which returns "
        f"{', '.join(endpoint.parameters)} for “{OWN}” and “{OTHER}”."
    )


def _first_primary_key(route: str) -> Any:
    """Return the key of some object of the model of `<admin>/<app>/<model>/`."""
    _, app, model, *_ = route.split("/")
    instance = apps.get_model(app, model)._default_manager.first()
    return instance.pk if instance is not None else 0


def _tokens(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    """Return the user's own tokens in every state; a visitor has an invented one."""
    return {
        f"{state} token": {"token": scenario.tokens.get((user_name, state), "clt_none")}
        for state in TOKEN_STATES
    }


def _fixed(**arguments: Any) -> ArgumentFunction:
    return lambda scenario, user_name: {NO_OWNER: arguments}


def _assignment(reference: int, **extra: Any) -> ArgumentFunction:
    def find(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
        slugs = {owner: scenario.world.forces[name].slug for owner, name in FORCES.items()}
        slugs[MISSING] = "atlantis"
        return {
            owner: {"slug": slug, "reference": reference} | extra for owner, slug in slugs.items()
        }

    return find


def _first_name(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    """Return the name that is not recorded yet, of each force."""
    return {
        owner: arguments | {"name_id": 0}
        for owner, arguments in _force(scenario, user_name).items()
    }


def _policing_body(**extra: Any) -> ArgumentFunction:
    def find(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
        slugs = {owner: scenario.world.policing[name].slug for owner, name in FORCES.items()}
        slugs |= {"force": scenario.world.forces[FORCES[OWN]].slug, MISSING: "atlantis"}
        return {owner: {"slug": slug} | extra for owner, slug in slugs.items()}

    return find


def _record(
    argument: str, key: Callable[[ForceRecords], Any], *, missing: Any = MISSING_ID
) -> ArgumentFunction:
    def find(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
        keys = {owner: {argument: key(records)} for owner, records in scenario.records.items()}
        return keys | {MISSING: {argument: missing}}

    return find


def _personal_object(argument: str, *key: Any, missing: Any = MISSING_ID) -> ArgumentFunction:
    """The user's own object, and that of a user of Essex. A visitor's own is the officer's."""

    def find(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
        name = "officer" if user_name == "signed out" else user_name
        return {
            OWN: {argument: scenario.objects[name, *key]},
            OTHER: {argument: scenario.objects["Essex", *key]},
            MISSING: {argument: missing},
        }

    return find


def _views(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    private, shared = (
        _personal_object("view_id", "view", is_shared)(scenario, user_name)
        for is_shared in (False, True)
    )
    return private | {
        "other, shared": shared[OTHER],
        "analyst's": {"view_id": scenario.objects["other analyst", "view", False]},
        "analyst's, shared": {"view_id": scenario.objects["other analyst", "view", True]},
    }


def _evidence(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    submitted = _record("key", lambda records: records.evidence.key, missing=MISSING_KEY)
    drafts = {
        f"{owner}, draft": {"key": records.draft_evidence.key}
        for owner, records in scenario.records.items()
    }
    return submitted(scenario, user_name) | drafts


def _digests(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    return {owner: {"digest_id": key} for owner, key in scenario.objects["digests"].items()}


def _password_reset(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    officer = scenario.users["officer"]
    key = urlsafe_base64_encode(force_bytes(officer.pk))
    return {
        "valid link": {"uidb64": key, "token": default_token_generator.make_token(officer)},
        "forged link": {"uidb64": key, "token": "c0ffee-0123456789abcdef"},
    }


def _unsubscribe(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    path = unsubscribe.path_for(scenario.users["officer"].pk, unsubscribe.WEEKLY)
    return {
        "valid link": {"token": path.removeprefix("/digests/unsubscribe/").rstrip("/")},
        "forged link": {"token": "x:y"},
    }


def _officer(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    officer = scenario.users["officer"]
    return {NO_OWNER: {"person_id": officer.pk}, MISSING: {"person_id": MISSING_ID}}


def _reader(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    return {owner: {"reader_id": records.officer.pk} for owner, records in scenario.records.items()}


def _parked(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    return {
        "run": {"kind": "run", "key": scenario.objects["run"]},
        "import": {"kind": "import", "key": scenario.objects["parked batch"]},
        "email": {"kind": "email", "key": scenario.objects["parked email"]},
    }


def _import_batches(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    own_batches = scenario.objects["own batches"]
    return {NO_OWNER: {"batch_id": scenario.objects["batch"]}} | {
        owner: {"batch_id": key} for owner, key in own_batches.items()
    }


def _force(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    arguments = _assignment(QUESTIONED)(scenario, user_name)
    return {owner: {"slug": values["slug"]} for owner, values in arguments.items()}


def _month_of_force(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    month = f"{rules.london_day(scenario.now):%Y-%m}"
    forces = _force(scenario, user_name)
    return {owner: arguments | {"month": month} for owner, arguments in forces.items()}


def _page_files(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    """One table of each page as CSV: the permission does not depend on the file type."""
    return {
        f"{page}{query}": {"page": page, "name": table, "kind": "csv", "?": query}
        for page, query, table in PAGE_FILES
    }


def _page_metadata(scenario: Scenario, user_name: str) -> dict[str, Arguments]:
    files = _page_files(scenario, user_name)
    return {
        name: {key: value for key, value in arguments.items() if key != "kind"}
        for name, arguments in files.items()
    }


PAGE_FILES = (
    ("overview", "", "figures"),
    ("heatmap", "", "positions"),
    ("recommendations", "", "recommendations"),
    ("forces", "", "forces"),
    ("responses", "", "organisations"),
    ("outcomes", "", "figures"),
    ("closures", "", "by-force"),
    ("joint-actions", "", "joint-actions"),
    ("waiting", "", "waiting"),
    ("fragmentation", "", "measures"),
    ("trends", "", "flags"),
    ("changes", "", "changes"),
    ("force", "?of=kent", "rows"),
    ("force", "?of=essex", "rows"),
    ("recommendation", "?of=7", "forces"),
    ("region", "?of=south-east", "positions"),
    ("rocu", "?of=eastern", "positions"),
    ("nothing", "", "all"),
)
ARGUMENTS: dict[str, ArgumentFunction] = {
    **dict.fromkeys(
        ("recommendation", "latest_updates", "former_latest_updates"), _fixed(reference=QUESTIONED)
    ),
    **dict.fromkeys(("recommendation_text", "text_confirm"), _fixed(reference=QUESTIONED)),
    "reviews_together": _fixed(reference=CLAIMED),
    "region": _fixed(slug="south-east"),
    "rocu": _fixed(slug="eastern"),
    "force": _force,
    "remind_body": _force,
    "body_names": _force,
    "body_end": _force,
    "body_name_correct": _first_name,
    "closures_of": _force,
    "closures_report": _month_of_force,
    "outcome_correct": lambda scenario, user_name: {
        NO_OWNER: {"figure_id": scenario.world.inspection.outcomes.earliest("pk").pk},
        MISSING: {"figure_id": MISSING_ID},
    },
    "quote": lambda scenario, user_name: {
        NO_OWNER: {"reference": scenario.objects["quote"]},
        MISSING: {"reference": "22222222"},
    },
    "responses_of": _policing_body(),
    "respond": _policing_body(subject="report"),
    "calendar_feed": _force,
    "calendar_file": _personal_object("secret", "calendar", missing="x" * 43),
    **dict.fromkeys(("assignment", "panel", "questions", "extension"), _assignment(QUESTIONED)),
    **dict.fromkeys(("withdraw", "due_date", "remind"), _assignment(NOT_STARTED)),
    **dict.fromkeys(("update", "update_check", "update_discard"), _assignment(DRAFTED)),
    **dict.fromkeys(("approval", "approval_take_back"), _assignment(APPROVAL)),
    "approval_setting": _force,
    "waiting_of": _force,
    "body_requests": _assignment(QUESTIONED),
    "body_request": _record("request_id", lambda records: records.body_request_id),
    "steps": _assignment(QUESTIONED),
    "joint_action_create": _assignment(QUESTIONED),
    **dict.fromkeys(
        ("joint_action", "joint_action_extend"),
        _record("action_id", lambda records: records.joint_action_id),
    ),
    "step": _assignment(QUESTIONED, step=1),
    "update_evidence": _assignment(DRAFTED),
    "no_change": _assignment(QUESTIONED),
    "update_sent": _assignment(QUESTIONED, update_number=1),
    "update_step": _assignment(DRAFTED, step="progress"),
    "update_correct": _assignment(QUESTIONED),
    "evidence": _evidence,
    "evidence_preview": _evidence,
    "import_batch": _import_batches,
    **dict.fromkeys(
        ("review", "review_hold", "review_assign"),
        _record("update_id", lambda records: records.claim.pk),
    ),
    "second_review": lambda scenario, user_name: {
        NO_OWNER: {"update_id": scenario.objects["self-assessed"]},
        MISSING: {"update_id": MISSING_ID},
    },
    "review_correct": _record("update_id", lambda records: records.accepted.pk),
    "due_date_request": _record("request_id", lambda records: records.extension_request_id),
    "api_token_revoke": _personal_object("token_id", "token"),
    **dict.fromkeys(("view_open", "view_change", "view_delete"), _views),
    **dict.fromkeys(
        ("download_page", "download_file"), _personal_object("key", "download", missing=MISSING_KEY)
    ),
    "file_of_page": _page_files,
    "csv_metadata": _page_metadata,
    "unsubscribe": _unsubscribe,
    **dict.fromkeys(("digest", "digest_html", "resend_digest"), _digests),
    **dict.fromkeys(("digest_preview", "digest_preview_html", "digest_test"), _reader),
    "retry_parked": _parked,
    **dict.fromkeys(
        (
            *("person", "person_invite_again", "person_second_factor", "person_memberships"),
            *("person_data", "person_remove"),
        ),
        _officer,
    ),
    "invitation": lambda scenario, user_name: {
        "valid link": {"secret": scenario.objects["invitation"]},
        "forged link": {"secret": "x" * 43},
    },
    **dict.fromkeys(
        ("mfa_edit_webauthn", "mfa_remove_webauthn"),
        lambda scenario, user_name: {
            OTHER: {"pk": scenario.objects["passkey"]},
            MISSING: {"pk": MISSING_ID},
        },
    ),
    **dict.fromkeys(
        ("openid_connect_login", "openid_connect_callback"), _fixed(provider_id="single-sign-on")
    ),
    **dict.fromkeys(("mailbox_message", "mailbox_message_html"), _fixed(key="nothing")),
    "password_reset_confirm": _password_reset,
    "admin:view_on_site": lambda scenario, user_name: {
        NO_OWNER: {
            "content_type_id": ContentType.objects.get_for_model(Assignment).pk,
            "object_id": scenario.records[OWN].assignments[QUESTIONED].pk,
        }
    },
    "admin:app_list": _fixed(app_label="forces"),
    "admin:": lambda scenario, user_name: {MISSING: {"url": "nowhere", "object_id": 1}},
}
