"""The addresses of the programme's and the places' pages."""

from django.urls import path, re_path

from . import report_views, views

urlpatterns = [
    path("", views.programme, name="programme"),
    path("places/<slug:slug>/", views.place, name="place"),
    path("places/<slug:slug>/savings/", views.savings, name="savings"),
    path("places/<slug:slug>/reconciliation/", views.reconciliation, name="reconciliation"),
    path("places/<slug:slug>/report/", report_views.place, name="report"),
    path("places/<slug:slug>/report/sheet.css", report_views.place_sheet, name="report-sheet"),
    re_path(r"^places/(?P<slug>[-\w]+)/report\.(?P<format>pdf|xlsx)$", report_views.place_file, name="report-file"),
    path("report/", report_views.programme, name="programme-report"),
    path("report/sheet.css", report_views.programme_sheet, name="programme-report-sheet"),
    re_path(r"^report\.(?P<format>pdf|xlsx)$", report_views.programme_file, name="programme-report-file"),
    path("levers/", views.levers, name="levers"),
    path("method/", views.method, name="method"),
    path("tour/", views.tour, name="tour"),
]
