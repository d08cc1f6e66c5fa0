"""Every address of the product, by the room that answers it."""

from importlib.util import find_spec

from django.urls import include, path

ROOMS = [
    ("", "totalplace.health_urls"),
    ("api/", "totalplace.api_urls"),
    ("", "pilots.pages.urls"),
    ("", "mapping.pages.urls"),
]

urlpatterns = [path(prefix, include(module)) for prefix, module in ROOMS if find_spec(module)]

handler400 = "totalplace.problems.bad_request"
handler403 = "totalplace.problems.permission_denied"
handler404 = "totalplace.problems.not_found"
handler500 = "totalplace.problems.failed"
