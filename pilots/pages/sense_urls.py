"""Addresses of the sense checks of counts."""

from django.urls import path

from . import sense_views as views

urlpatterns = [path("places/<slug:slug>/spend/<str:year>/checks/", views.checks, name="spend-checks")]
