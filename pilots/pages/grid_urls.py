"""Addresses of the grid of a count."""

from django.urls import path

from . import cell_views, grid_views, paste_views

COUNT = "places/<slug:slug>/spend/<str:year>/"

urlpatterns = [
    path(COUNT, grid_views.grid, name="grid"),
    path(f"{COUNT}grid/cells/", grid_views.save_cells, name="grid-cells"),
    path(f"{COUNT}grid/cell/", cell_views.cell, name="grid-cell"),
    path(f"{COUNT}grid/paste/", paste_views.paste, name="grid-paste"),
]
