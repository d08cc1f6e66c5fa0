"""Every address of the product, by the room that answers it."""

from django.urls import include, path

from totalplace import problems

handler400 = problems.bad_request
handler403 = problems.permission_denied
handler404 = problems.not_found
handler500 = problems.failed

urlpatterns = [
    path("", include("totalplace.health_urls")),
    path("api/", include("totalplace.api_urls")),
    path("", include("pilots.pages.urls")),
    path("", include("pilots.pages.review_urls")),
    path("", include("pilots.pages.sense_urls")),
    path("", include("pilots.pages.apportion_urls")),
    path("", include("pilots.pages.progress_urls")),
    path("", include("pilots.pages.quality_urls")),
    path("", include("pilots.pages.invitations_urls")),
    path("", include("mapping.pages.urls")),
]
