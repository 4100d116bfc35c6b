"""The pages for what went wrong: Thai, with a way back, and nothing about the code."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.http import NotFound


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with our own sentence where the view had one."""
    said = str(exception) if isinstance(exception, NotFound) else ""
    return render(request, "404.html", {"said": said}, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose protection token is missing or old."""
    return render(request, "403_csrf.html", status=403)


def too_large(request: HttpRequest) -> HttpResponse:
    """413 for what is larger than any form of the site."""
    return render(request, "413.html", status=413)


def disk_full(request: HttpRequest) -> HttpResponse:
    """507 for what could not be stored for want of room."""
    return render(request, "507.html", status=507)
