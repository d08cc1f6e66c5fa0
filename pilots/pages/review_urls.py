"""Addresses of the review of counts."""

from django.urls import path

from . import count_history, submit_views
from . import review_views as views

COUNT = "review/<slug:slug>/<str:year>/"
SPEND = "places/<slug:slug>/spend/<str:year>/"

urlpatterns = [
    path("review/", views.queue, name="review-queue"),
    path(COUNT, views.submission, name="review"),
    path(f"{COUNT}decide/", views.decide, name="review-decide"),
    path(f"{COUNT}changes.csv", views.changes, name="review-changes"),
    path(f"{SPEND}submit/", submit_views.submit, name="submit-count"),
    path(f"{SPEND}warnings/", submit_views.answer, name="answer-warning"),
    path(f"{SPEND}history/", count_history.history, name="count-history"),
]
