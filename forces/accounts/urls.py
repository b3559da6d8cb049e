"""URLs of accounts. Pages that allauth refers to by its own URL names have two names."""

from allauth.account.views import reauthenticate
from allauth.mfa.urls import urlpatterns as factor_patterns
from allauth.socialaccount.providers.openid_connect.views import callback
from django.contrib.auth import views
from django.urls import URLPattern, URLResolver, include, path

from forces.accounts.acting import act_for
from forces.accounts.password_forms import PasswordResetForm
from forces.accounts.password_views import OwnPasswordView, PasswordSetView, invitation
from forces.accounts.second_factor import exempt_patterns, second_factor_exempt
from forces.accounts.session_views import extend, sessions, time_left
from forces.accounts.sign_in_views import SignInView, SignOutView
from forces.accounts.single_sign_on import begin

sign_in, sign_out = SignInView.as_view(), SignOutView.as_view()
password_reset = views.PasswordResetView.as_view(form_class=PasswordResetForm)

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in, name="login"),
    path("sign-in/", sign_in, name="account_login"),
    path("sign-out/", sign_out, name="logout"),
    path("sign-out/", sign_out, name="account_logout"),
    path("password-again/", second_factor_exempt(reauthenticate), name="account_reauthenticate"),
    path("second-factor/", include(exempt_patterns(factor_patterns))),
    path("act-for/", act_for, name="act_for"),
    path("sessions/", sessions, name="sessions"),
    path("sessions/extend/", extend, name="session_extend"),
    path("sessions/left/", time_left, name="session_left"),
    path("invitation/<str:secret>/", invitation, name="invitation"),
    path("password/", OwnPasswordView.as_view(), name="password_change"),
    path("password/done/", views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("reset/", password_reset, name="password_reset"),
    path("reset/sent/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", PasswordSetView.as_view(), name="password_reset_confirm"),
    path("reset/done/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("oidc/<str:provider_id>/login/", begin, name="openid_connect_login"),  # 404 without OIDC_*
    path("oidc/<str:provider_id>/login/callback/", callback, name="openid_connect_callback"),
]
