"""Where the listeners listen and what they believe of their callers, for gunicorn and for Django alike."""

from config.env import env

PORTS = {"people": ("HTTPS_PORT", 8443), "service": ("SERVICE_PORT", 8444), "pki": ("HTTP_PORT", 8080)}


def behind_proxy() -> bool:
    """Whether nginx stands in front (BEHIND_PROXY=1): it does the TLS, and its forwarded headers are believed."""
    return bool(env.bool("BEHIND_PROXY", default=False))


def bind_address() -> str:
    """The address all listeners take: this machine only, as the sandbox's passwords are printed and its mail shown."""
    return str(env.str("BIND_ADDRESS", default="127.0.0.1"))


def port(listener: str) -> int:
    """The port of a listener (people, service, pki)."""
    return int(env.int(PORTS[listener][0], default=PORTS[listener][1]))


def bind(listener: str) -> str:
    """What gunicorn binds a listener to: BIND (`unix:/run/….sock`, `host:port`), else the listener's own port."""
    return str(env.str("BIND", default=f"{bind_address()}:{port(listener)}"))
