"""Addresses of the grid of a count."""

from django.urls import path

from . import grid_views

COUNT = "places/<slug:slug>/spend/<str:year>/"

urlpatterns = [
    path(COUNT, grid_views.grid, name="grid"),
    path(f"{COUNT}grid/cells/", grid_views.save_cells, name="grid-cells"),
]
