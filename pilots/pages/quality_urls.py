"""Addresses of quality measures."""

from django.urls import path

from . import quality_views as views

QUALITY = "places/<slug:slug>/quality/"

urlpatterns = [
    path(QUALITY, views.measures, name="quality"),
    path(f"{QUALITY}new/", views.new_measure, name="new-measure"),
    path(f"{QUALITY}<int:measure_id>/", views.edit_measure, name="edit-measure"),
    path(f"{QUALITY}<int:measure_id>/remove/", views.remove, name="remove-measure"),
    path(f"{QUALITY}<int:measure_id>/readings/", views.new_reading, name="new-reading"),
    path(f"{QUALITY}readings/<int:reading_id>/remove/", views.remove_a_reading, name="remove-reading"),
]
