"""Addresses of inviting and looking after people."""

from django.urls import path

from . import invitations_views as views
from . import people_views as people

urlpatterns = [
    path("accounts/people/", people.people, name="people"),
    path("accounts/people/invite/", views.new_invitation, name="invite"),
    path("accounts/people/<int:person_id>/password/", people.new_password_link, name="password-link"),
    path("accounts/people/<int:person_id>/close/", people.close, name="close-account"),
    path("accounts/people/<int:person_id>/reopen/", people.reopen, name="reopen-account"),
    path("accounts/people/roles/<int:role_id>/end/", people.take_away, name="end-role"),
    path("accounts/invitations/<int:invitation_id>/withdraw/", views.withdraw, name="withdraw-invitation"),
    path("accounts/invitations/<str:token>/", views.accept, name="accept-invitation"),
    path("accounts/reset/", people.ask_for_password, name="reset-password"),
    path("accounts/reset/<str:token>/", people.set_password, name="set-password"),
    path("places/<slug:slug>/hand-over/", people.hand_place_over, name="hand-over"),
]
