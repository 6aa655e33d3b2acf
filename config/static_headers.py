"""Headers of static files: the pdf.js worker takes its content security policy from its own response."""

from wsgiref.headers import Headers

WORKER_POLICY = "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'"


def add_headers(headers: Headers, _path: str, _url: str) -> None:
    """Give every static file a policy of its own and forbid type sniffing."""
    headers["Content-Security-Policy"] = WORKER_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
