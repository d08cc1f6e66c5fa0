"""What every page knows."""

from django.http import HttpRequest


def site(request: HttpRequest) -> dict:
    """Who is signed in and which programme is meant, for the frame of every page."""
    return {}
