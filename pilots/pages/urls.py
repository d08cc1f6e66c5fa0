"""Addresses of the pages about what is: accounts, programmes, places, bodies, spending."""

from django.urls import path

from . import (
    accounts,
    agencies,
    agency_editing,
    cell_views,
    grid_views,
    paste_views,
    place_editing,
    places,
    programmes,
    publishing,
    spend,
    spend_editing,
    taking_back_views,
    upload_views,
)

SPEND = "places/<slug:slug>/spend/"
COUNT = f"{SPEND}<str:year>/"
UPLOAD = f"{COUNT}upload/"
SENT = f"{UPLOAD}<int:upload_id>/"

urlpatterns = [
    path("accounts/", accounts.account, name="account"),
    path("accounts/sign-in/", accounts.SignIn.as_view(), name="sign-in"),
    path("accounts/sign-out/", accounts.SignOut.as_view(), name="sign-out"),
    path("accounts/password/", accounts.ChangePassword.as_view(), name="change-password"),
    path("accounts/tokens/new/", accounts.new_token, name="new-token"),
    path("accounts/tokens/revoke/", accounts.revoke, name="revoke-token"),
    path("programmes/", programmes.programmes, name="programmes"),
    path("programmes/new/", programmes.new_programme, name="new-programme"),
    path("programmes/<slug:slug>/years/new/", programmes.new_year, name="new-year"),
    path("programmes/<slug:slug>/default/", programmes.default_programme, name="make-default"),
    path("places/", places.places, name="places"),
    path("places/new/", place_editing.new_place, name="new-place"),
    path("places/<slug:slug>/edit/", place_editing.edit_place, name="edit-place"),
    path("places/<slug:slug>/swap/", place_editing.swap_place, name="swap-place"),
    path("places/<slug:slug>/retire/", place_editing.retire_place, name="retire-place"),
    path("places/<slug:slug>/bring-back/", place_editing.bring_back_place, name="bring-back-place"),
    path("places/<slug:slug>/history/", places.history, name="place-history"),
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/new/", agency_editing.new_agency, name="new-agency"),
    path("agencies/<str:code>/", agencies.agency, name="agency"),
    path("agencies/<str:code>/edit/", agency_editing.edit_agency, name="edit-agency"),
    path("agencies/<str:code>/retire/", agency_editing.retire_agency, name="retire-agency"),
    path("agencies/<str:code>/bring-back/", agency_editing.bring_back_agency, name="bring-back-agency"),
    path(SPEND, spend.newest_spend, name="spend-of-place"),
    path(COUNT, grid_views.grid_or_lines, name="spend"),
    path(f"{COUNT}grid/cells/", grid_views.save_cells, name="grid-cells"),
    path(f"{COUNT}grid/present/", grid_views.present, name="grid-present"),
    path(f"{COUNT}grid/cell/", cell_views.cell, name="grid-cell"),
    path(f"{COUNT}grid/paste/", paste_views.paste, name="grid-paste"),
    path(f"{COUNT}grid/paste/back/", taking_back_views.take_back, name="grid-take-back"),
    path(f"{COUNT}publish/", publishing.publish, name="publish"),
    path(f"{COUNT}lines/new/", spend_editing.new_line, name="new-line"),
    path(f"{COUNT}lines/<int:line_id>/", spend_editing.edit_line, name="edit-line"),
    path(f"{COUNT}lines/<int:line_id>/remove/", spend_editing.remove_line, name="remove-line"),
    path(UPLOAD, upload_views.upload, name="upload"),
    *(
        path(f"{UPLOAD}spend.{kind}", upload_views.download, {"kind": kind}, name=f"download-{kind}")
        for kind in ("xlsx", "ods", "csv", "zip")
    ),
    path(SENT, upload_views.upload_of_count, name="upload-of-count"),
    path(f"{SENT}read/", upload_views.read_again, name="read-upload-again"),
    path(f"{SENT}correct/", upload_views.correct, name="correct-upload"),
    path(f"{SENT}unit/", upload_views.read_in_unit, name="read-upload-in-unit"),
    path(f"{SENT}undo/", upload_views.undo, name="undo-corrections"),
    path(f"{SENT}choose/", upload_views.choose, name="choose-in-upload"),
    path(f"{SENT}write/", upload_views.write, name="write-upload"),
    path(f"{SENT}problems.csv", upload_views.problems_file, name="upload-problems"),
    path(f"{SENT}changes.csv", upload_views.changes_file, name="upload-changes"),
    path(f"{SENT}marked.xlsx", upload_views.marked_file, name="upload-marked"),
]
