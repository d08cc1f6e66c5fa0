"""Addresses of progress: the board, a place's timeline, a new year, and questions about figures."""

from django.urls import path

from . import asking_views
from . import progress_views as views

PLACE = "places/<slug:slug>/"

urlpatterns = [
    path("progress/", views.board_page, name="progress"),
    path(f"{PLACE}progress/", views.place_progress, name="place-progress"),
    path(f"{PLACE}progress/update/", views.update, name="add-update"),
    path(f"{PLACE}progress/milestones/", views.milestones, name="set-milestones"),
    path(f"{PLACE}progress/judgement/", views.judgement, name="judge-place"),
    path(f"{PLACE}progress/start-year/", views.begin_year, name="start-year"),
    path("questions/", asking_views.questions, name="questions"),
    path(f"{PLACE}ask/", asking_views.ask_page, name="ask"),
    path(f"{PLACE}questions/<int:question_id>/", asking_views.answer, name="answer-question"),
]
