"""Every view requires a permission, or is listed here with what decides instead."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.security.endpoints import ADMIN

LOGIN_NOT_REQUIRED = {  # views with `login_not_required`
    *("accessibility", "cookies", "privacy", "help", "security", "security_txt"),
    *("login", "account_login", "mfa_authenticate", "mfa_login_webauthn"),
    *("password_reset", "password_reset_done", "password_reset_confirm"),
    "password_reset_complete",
    *("openid_connect_login", "openid_connect_callback"),
    "invitation",  # needs the secret in its URL
    "calendar_file",  # needs the secret in its URL
    "unsubscribe",  # needs the signature in its URL
    *("mailbox", "mailbox_message", "mailbox_message_html"),  # only in development
}
CHECKED_BY_LOOKUP = {  # of an assignment or of a user's own object, which is otherwise not found
    *("assignment", "panel", "questions", "extension", "steps", "step", "calendar_feed"),
    *("body_requests", "body_request"),
    *("update", "update_check", "update_discard", "update_correct", "update_evidence"),
    *("joint_action", "joint_action_create", "joint_action_extend"),
    *("no_change", "update_sent", "approval", "approval_take_back"),
    *("update_step", "evidence", "evidence_preview"),
    *("force", "responses_of", "respond"),
    *("file_of_page", "csv_metadata"),  # check the permission of the page
}
FOR_EVERY_USER = {  # with content, or a redirect, that depends on the user
    *("overview", "changes", "api", "email_preferences", "your_data"),
}
OWN_ACCOUNT = {
    *("logout", "account_logout", "account_reauthenticate"),
    *(
        "act_for",
        "sessions",
        "session_extend",
        "session_left",
        "password_change",
        "password_change_done",
    ),
    *("mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
    *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"),
    *("mfa_remove_webauthn", "mfa_edit_webauthn"),
}


def _walk(
    patterns: Iterable[URLPattern | URLResolver], prefix: str = "", namespace: str = ""
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield name and view of every endpoint outside the admin (`countylines.admin.AdminSite`)."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith(ADMIN):
            continue
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route, inner)
        else:
            yield f"{namespace}{pattern.name or ''}", pattern.callback


def _all_views() -> dict[str, Callable[..., Any]]:
    return dict(_walk(get_resolver().url_patterns))


def test_every_view_requires_a_permission_or_is_listed():
    without_permission = {
        name
        for name, view in _all_views().items()
        if not hasattr(view, "required_permission") and getattr(view, "login_required", True)
    }
    assert without_permission == CHECKED_BY_LOOKUP | FOR_EVERY_USER | OWN_ACCOUNT


def test_every_view_that_needs_no_sign_in_is_listed():
    """Except those of the API, which need a token (`recommendations.api.authentication`)."""
    views = _all_views().items()
    public = {name for name, view in views if not getattr(view, "login_required", True)}
    assert {name for name in public if not name.startswith("api-v1:")} == LOGIN_NOT_REQUIRED
