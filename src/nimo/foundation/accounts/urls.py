from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from nimo.foundation.accounts.views import (
    entrance,
    hand_overs,
    matrix,
    organisations,
    own,
    own_factor,
    users,
)

_accounts: list[URLPattern | URLResolver] = [
    path("accounts/second-factor/", entrance.second_factor, name="second_factor"),
    path("accounts/switch/", entrance.switch, name="switch"),
    path("accounts/invitation/", entrance.invitation, name="invitation"),
    path("accounts/invitation/<str:code>/", entrance.invitation_link, name="invitation_link"),
    path("accounts/no-membership/", entrance.no_membership, name="no_membership"),
    path("accounts/own/", own.own_account, name="own_account"),
    path("accounts/own/name/", own.own_name, name="own_name"),
    path("accounts/own/password/", own.own_password, name="own_password"),
    path("accounts/own/sessions/end/", own.own_sessions_end, name="own_sessions_end"),
    path("accounts/own/organisation/", own.own_organisation, name="own_organisation"),
    path("accounts/own/second-factor/", own_factor.second_factor_set_up, name="second_factor_set_up"),
    path("accounts/own/code-card/", own_factor.code_card, name="code_card"),
    path("accounts/own/code-card/activate/", own_factor.code_card_activate, name="code_card_activate"),
    path("accounts/own/totp/", own_factor.totp_set_up, name="totp_set_up"),
    path("accounts/own/totp/picture.svg", own_factor.totp_picture, name="totp_picture"),
    path("accounts/own/totp/remove/", own_factor.totp_remove, name="totp_remove"),
    path("manage/users/", users.user_list, name="user_list"),
    path("manage/users/invite/", users.user_invite, name="user_invite"),
    path("manage/users/<uuid:user_id>/", users.user_detail, name="user_detail"),
    path("manage/users/<uuid:user_id>/link/", users.user_link, name="user_link"),
    path("manage/users/<uuid:user_id>/rename/", users.user_rename, name="user_rename"),
    path("manage/users/<uuid:user_id>/suspend/", users.user_suspend, name="user_suspend"),
    path("manage/users/<uuid:user_id>/restore/", users.user_restore, name="user_restore"),
    path("manage/users/<uuid:user_id>/sessions/end/", users.user_sessions_end, name="user_sessions_end"),
    path(
        "manage/users/<uuid:user_id>/second-factor/reset/",
        users.user_second_factor_reset,
        name="user_second_factor_reset",
    ),
    path("manage/users/<uuid:user_id>/roles/add/", users.membership_add, name="membership_add"),
    path("manage/users/<uuid:user_id>/hand-over/", hand_overs.hand_over_new, name="hand_over_new"),
    path("manage/roles/<uuid:membership_id>/end/", users.membership_end, name="membership_end"),
    path("manage/hand-overs/", hand_overs.hand_over_list, name="hand_over_list"),
    path("manage/hand-overs/<uuid:hand_over_id>/", hand_overs.hand_over_detail, name="hand_over_detail"),
    path("manage/hand-overs/<uuid:hand_over_id>/cancel/", hand_overs.hand_over_cancel, name="hand_over_cancel"),
    path("manage/organisations/", organisations.organisation_list, name="organisation_list"),
    path("manage/organisations/create/", organisations.organisation_create, name="organisation_create"),
    path("manage/organisations/<uuid:organisation_id>/", organisations.organisation_detail, name="organisation_detail"),
    path(
        "manage/organisations/<uuid:organisation_id>/rename/",
        organisations.organisation_rename,
        name="organisation_rename",
    ),
    path(
        "manage/organisations/<uuid:organisation_id>/correct/",
        organisations.organisation_correct,
        name="organisation_correct",
    ),
    path("manage/organisations/<uuid:organisation_id>/end/", organisations.organisation_end, name="organisation_end"),
    path("manage/access/", matrix.access_matrix, name="access_matrix"),
]

# allauth finds its two pages by these names, without a namespace
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", entrance.account_login, name="account_login"),
    path("accounts/logout/", entrance.account_logout, name="account_logout"),
    path("", include((_accounts, "accounts"))),
]
