"""Every view says which permission it needs, or is listed here with what decides instead."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.security.addresses import ADMIN

NOT_SIGNED_IN = {  # `login_not_required`: the views that answer anybody
    *("accessibility", "cookies", "privacy", "help", "security", "security_txt"),
    *("login", "account_login", "mfa_authenticate", "mfa_login_webauthn"),
    *("password_reset", "password_reset_done", "password_reset_confirm"),
    "password_reset_complete",
    *("openid_connect_login", "openid_connect_callback"),
    "invitation",  # the secret of its address
    "calendar_file",  # the secret of its address
    "digests_leave",  # the signature of its address
    *("mailbox", "mailbox_message", "mailbox_message_html"),  # development only
}
BY_A_LOOKUP = {  # one body's assignment: `find_assignment`, `find_assignment_to_update` and others
    *("assignment", "panel", "questions", "more_time", "calendar_feed"),
    *("update", "update_check", "update_discard", "update_correct", "update_evidence"),
    *("update_step", "evidence"),
    *("view_open", "view_change", "view_delete", "api_token_revoke"),  # the person's own
    *("made_download", "made_file"),  # the person's own
    "file_of_page",  # the permission of the page: `offer_of`
}
BY_THE_PERSON = {  # everybody signed in; what is shown, or where it leads, follows from the person
    *("overview", "changes", "downloads"),
    *("saved_views", "view_save", "api", "api_tokens", "my_digests", "your_data"),
}
OWN_ACCOUNT = {
    *("logout", "account_logout", "account_reauthenticate"),
    *("sessions", "session_extend", "session_left", "password_change", "password_change_done"),
    *("mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
    *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn"),
    *("mfa_remove_webauthn", "mfa_edit_webauthn"),
}
WITHOUT_PERMISSION = BY_A_LOOKUP | BY_THE_PERSON | OWN_ACCOUNT


def _views(
    patterns: Iterable[URLPattern | URLResolver], route: str = "", namespace: str = ""
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Name and view of every address, but the administration's (`countylines.admin.AdminSite`)."""
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if here.startswith(ADMIN):
            continue
        if isinstance(pattern, URLResolver):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _views(pattern.url_patterns, here, inside)
        else:
            yield f"{namespace}{pattern.name or ''}", pattern.callback


def _every_view() -> dict[str, Callable[..., Any]]:
    return dict(_views(get_resolver().url_patterns))


def test_every_view_requires_a_permission_or_is_listed():
    unlisted = {
        name
        for name, view in _every_view().items()
        if not hasattr(view, "required_permission") and getattr(view, "login_required", True)
    }
    assert unlisted == WITHOUT_PERMISSION


def test_the_views_that_answer_anybody_are_listed():
    """But the API's: there the token decides (`recommendations.api.authentication`)."""
    views = _every_view().items()
    anybody = {name for name, view in views if not getattr(view, "login_required", True)}
    assert {name for name in anybody if not name.startswith("api-v1:")} == NOT_SIGNED_IN
