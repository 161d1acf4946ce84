"""The headers that keep a page to itself: no foreign or inline code, no framing, no trace in caches of what was private."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

POLICY = "; ".join(  # noqa: FLY002 (one directive per line)
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
DOWNLOAD_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""What somebody else made and we only pass on does nothing here, should a browser open it as a page after all."""
HSTS = "max-age=31536000; includeSubDomains"


class SecurityHeadersMiddleware:
    """Set the headers that a response does not set itself.

    The form target is left open on purpose: ``form-action`` also judges redirects, and logging in is a form that leads to
    DigiD. Source: NCSC ICT-beveiligingsrichtlijnen voor webapplicaties; internet.nl; OWASP Secure Headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers in place."""
        response = self.get_response(request)
        if response.headers.get("Content-Disposition", "").startswith("attachment"):
            response.headers.setdefault("Content-Security-Policy", DOWNLOAD_POLICY)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.IS_PRODUCTION:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if getattr(request, "actor", None) is not None:
            # Also what a room marked as cacheable: the back button of a shared computer must show nothing after log-out.
            response.headers["Cache-Control"] = "no-store"
        elif response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "no-cache")
        return response
