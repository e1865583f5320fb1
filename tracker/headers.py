"""The headers that keep a browser from doing with our answers what we never meant."""

from collections.abc import Sequence

from flask import Response

_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
)
CONTENT_SECURITY_POLICY = "; ".join((*_POLICY, "frame-ancestors 'none'"))

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def framed_by(hosts: Sequence[str]) -> str:
    """Return the policy of a page that these hosts, and no others, may show in a frame."""
    return "; ".join((*_POLICY, f"frame-ancestors {' '.join(hosts)}"))


def add_headers(response: Response) -> Response:
    """Add to an answer the headers that its handler did not set itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
