"""The addresses of the programme's and the places' pages."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.programme, name="programme"),
    path("places/<slug:slug>/", views.place, name="place"),
    path("places/<slug:slug>/savings/", views.savings, name="savings"),
    path("places/<slug:slug>/reconciliation/", views.reconciliation, name="reconciliation"),
    path("levers/", views.levers, name="levers"),
    path("method/", views.method, name="method"),
    path("tour/", views.tour, name="tour"),
]
