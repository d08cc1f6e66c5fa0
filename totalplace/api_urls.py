"""Addresses of the REST API, its schema and its reference pages."""

from django.urls import include, path

from mapping.api import aggregate, assumptions, comparing, explain, maps, reconciliation, savings, summaries
from pilots.api import changes, documentation, exports, jobs, places, reference, spend, uploads, webhooks

VERSION_1 = [
    path("summary/", summaries.SummaryOfProgramme.as_view()),
    path("progress/", places.ProgressBoard.as_view()),
    path("places/", places.Places.as_view()),
    path("places/<str:place>/", places.OnePlace.as_view()),
    path("places/<str:place>/summary/", summaries.SummaryOfPlace.as_view()),
    path("places/<str:place>/savings/", savings.SavingsOfPlace.as_view()),
    path("places/<str:place>/sharing/", savings.SharingOfPlace.as_view()),
    path("places/<str:place>/maps/", maps.MapsOfPlace.as_view()),
    path("places/<str:place>/maps/<int:map>/", maps.OneMap.as_view()),
    path("places/<str:place>/maps/<int:map>/compare/<int:other>/", comparing.CompareMaps.as_view()),
    path("places/<str:place>/reconciliation/", reconciliation.ReconciliationOfPlace.as_view()),
    path("places/<str:place>/spend/", spend.PlaceSpend.as_view()),
    path("places/<str:place>/spend/<int:line>/", spend.OneLine.as_view()),
    path("places/<str:place>/uploads/", uploads.UploadsOfPlace.as_view()),
    path("uploads/check/", uploads.CheckUpload.as_view()),
    path("exports/", exports.Exports.as_view()),
    path("jobs/<uuid:job>/", jobs.OneJob.as_view()),
    path("jobs/<uuid:job>/file/", jobs.JobFile.as_view()),
    path("changes/", changes.Changes.as_view()),
    path("webhooks/", webhooks.Webhooks.as_view()),
    path("webhooks/<int:webhook>/", webhooks.OneWebhook.as_view()),
    path("webhooks/<int:webhook>/deliveries/", webhooks.Deliveries.as_view()),
    path("spend/", spend.AllSpend.as_view()),
    path("savings/", savings.AllSavings.as_view()),
    path("aggregate/", aggregate.Aggregate.as_view()),
    path("aggregate/model/", aggregate.CubeModel.as_view()),
    path("aggregate/members/<str:dimension>/", aggregate.CubeMembers.as_view()),
    path("aggregate/facts/", aggregate.CubeFacts.as_view()),
    path("explain/", explain.Explain.as_view()),
    path("levers/", assumptions.Levers.as_view()),
    path("assumption-sets/<int:number>/", assumptions.OneAssumptionSet.as_view()),
    path("agencies/", reference.Agencies.as_view()),
    path("service-lines/", reference.ServiceLines.as_view()),
]

urlpatterns = [
    path("v1/", include(VERSION_1)),
    path("schema/", documentation.SchemaView.as_view(), name="api-schema"),
    path("docs/", documentation.reference, name="api-reference"),
    path("docs/problems/", documentation.problems, name="api-problems"),
]
