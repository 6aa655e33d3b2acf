"""Gunicorn, the people's listener: TLS on HTTPS_PORT without a proxy in front."""

import os
import ssl
import threading
from collections.abc import Callable
from typing import Any

from config.env import env, state_dir
from config.gunicorn_logs import LOGGING

_state = state_dir()
bind = f"{env.str('BIND_ADDRESS', '127.0.0.1')}:{env.int('HTTPS_PORT', 8443)}"
worker_class = "gthread"
workers = 2
threads = 4
keepalive = 15
preload_app = True  # Django is imported once, not once a worker
control_socket_disable = True  # its default place is shared by every gunicorn of the user
certfile = env.str("PKI_DIR", f"{_state}/pki") + "/tls.crt"
keyfile = env.str("KEYS_DIR", f"{_state}/keys") + "/tls.key"
logconfig_dict = LOGGING

_lock = threading.Lock()
_cached: dict[tuple[tuple[int, int, int], ...], ssl.SSLContext] = {}


def ssl_context(config: Any, default_factory: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """The context of one connection; gunicorn asks for each, so a replaced certificate serves from the next one on.

    Built anew only when certificate or key have changed on disk (replace them by rename): building costs more than the
    handshake. TLS 1.2 at least.
    """
    stamp = tuple(
        (status.st_mtime_ns, status.st_ino, status.st_size)
        for status in map(os.stat, (config.certfile, config.keyfile))
    )
    with _lock:
        if stamp not in _cached:
            context = default_factory()
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.set_alpn_protocols(["http/1.1"])
            _cached.clear()
            _cached[stamp] = context
        return _cached[stamp]
