"""Every address of the product, by the room that answers it."""

from importlib.util import find_spec

from django.urls import include, path

ROOMS = [
    ("", "totalplace.health_urls"),
    ("api/", "totalplace.api_urls"),
    ("", "pilots.pages.grid_urls"),
    ("", "pilots.pages.urls"),
    ("", "mapping.pages.urls"),
]

urlpatterns = [path(prefix, include(module)) for prefix, module in ROOMS if find_spec(module)]
