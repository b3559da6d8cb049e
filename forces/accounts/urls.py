"""Addresses of accounts: sign-in, second factors, sessions, passwords, invitations.

allauth knows its pages by its own names; those that we have under another name stand here twice.
"""

from allauth.account.views import reauthenticate
from allauth.mfa.urls import urlpatterns as factor_patterns
from allauth.socialaccount.providers.openid_connect.views import callback
from django.contrib.auth import views
from django.urls import URLPattern, URLResolver, include, path

from forces.accounts import password_forms
from forces.accounts.invitation_views import invitation
from forces.accounts.password_views import OwnPasswordView, PasswordSetView
from forces.accounts.second_factor_views import open_to_password_alone
from forces.accounts.session_views import extend, left, sessions
from forces.accounts.sign_in_views import SignInView, SignOutView
from forces.accounts.single_sign_on import begin

open_to_password_alone(factor_patterns)
sign_in, sign_out = SignInView.as_view(), SignOutView.as_view()
password_again = open_to_password_alone([path("", reauthenticate)])[0].callback

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in, name="login"),
    path("sign-in/", sign_in, name="account_login"),
    path("sign-out/", sign_out, name="logout"),
    path("sign-out/", sign_out, name="account_logout"),
    path("password-again/", password_again, name="account_reauthenticate"),
    path("second-factor/", include(factor_patterns)),
    path("sessions/", sessions, name="sessions"),
    path("sessions/extend/", extend, name="session_extend"),
    path("sessions/left/", left, name="session_left"),
    path("invitation/<str:secret>/", invitation, name="invitation"),
    path("password/", OwnPasswordView.as_view(), name="password_change"),
    path("password/done/", views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path(
        "reset/",
        views.PasswordResetView.as_view(form_class=password_forms.PasswordResetForm),
        name="password_reset",
    ),
    path("reset/sent/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", PasswordSetView.as_view(), name="password_reset_confirm"),
    path("oidc/<str:provider_id>/login/", begin, name="openid_connect_login"),  # 404 without OIDC_*
    path("oidc/<str:provider_id>/login/callback/", callback, name="openid_connect_callback"),
    path("reset/done/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
