"""The pages of one's own account, and of the administrator who looks after all of them."""

from __future__ import annotations

from django.urls import path

from dcsn.accounts.views import invitations, own, people

app_name = "accounts"
urlpatterns = [
    path("account/", own.home, name="home"),
    path("account/sessions/end/", own.end_session, name="end_session"),
    path("invitation/<str:token>/", invitations.accept, name="accept_invitation"),
    path("desk/accounts/", people.people, name="people"),
    path("desk/accounts/roles/", people.roles, name="roles"),
    path("desk/accounts/invite/", invitations.send, name="invite"),
    path(
        "desk/accounts/invitations/<uuid:invitation_id>/again/",
        invitations.send_again,
        name="invite_again",
    ),
    path(
        "desk/accounts/invitations/<uuid:invitation_id>/withdraw/",
        invitations.withdraw,
        name="withdraw_invitation",
    ),
    path("desk/accounts/<uuid:user_id>/", people.person, name="person"),
    path("desk/accounts/<uuid:user_id>/roles/", people.give_role, name="give_role"),
    path(
        "desk/accounts/<uuid:user_id>/roles/<uuid:assignment_id>/end/",
        people.take_role,
        name="end_role",
    ),
    path("desk/accounts/<uuid:user_id>/close/", people.close, name="close"),
    path("desk/accounts/<uuid:user_id>/reopen/", people.reopen, name="reopen"),
    path(
        "desk/accounts/<uuid:user_id>/second-factor/",
        people.reset_factor,
        name="reset_second_factor",
    ),
    path(
        "desk/accounts/<uuid:user_id>/sign-out/",
        people.sign_out_everywhere,
        name="sign_out_everywhere",
    ),
]
