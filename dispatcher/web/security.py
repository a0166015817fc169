"""Headers that every answer carries: what a page may load, who may frame it, what it may tell to others."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request


def policy(room_url: str | None) -> str:
    """The Content-Security-Policy: our own files only, nothing inline; framed by ourselves and by the room."""
    ancestors = "'self'"
    if room_url:
        parts = urlsplit(room_url)
        ancestors += f" {parts.scheme}://{parts.netloc}"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "worker-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
        )
    )


def install(app: Flask, room_url: str | None) -> None:
    """Add the headers to each answer of `app`."""
    csp = policy(room_url)

    @app.after_request
    def harden(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", csp)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if request.endpoint not in ("static", "font") and "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        return response
