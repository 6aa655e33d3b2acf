"""Gunicorn, the service's listener: TLS on SERVICE_PORT that asks for a client certificate, or plain behind a proxy.

A certificate is asked for and not demanded: who has none is answered 401 in JSON (signing.backend.api.callers) instead
of an alert. One of a foreign CA, revoked or out of time is refused in the handshake.
"""

import ssl
from pathlib import Path

from config import gunicorn_refusals, gunicorn_unread
from config.env import env, state_dir
from config.gunicorn_logs import LOGGING
from config.gunicorn_tls import Contexts
from config.listeners import behind_proxy
from config.listeners import bind as bind_of
from config.threads import SERVICE

bind = bind_of("service")
worker_class = "config.gunicorn_heads.Worker"  # threads that nobody holds by a slow header
workers = 2  # a document of megabytes that one takes apart keeps nobody waiting at the other
threads = SERVICE  # one waits for each signature that is asked for with mode=SYNC
preload_app = True  # Django is imported once, not once a worker
keepalive = 15  # the list is looked at in the handshake only: an open connection outlives a revocation by this much
control_socket_disable = True  # its default place is shared by every gunicorn of the user
forwarded_allow_ips = ""  # what is believed of headers is Django's matter (config.proxy)
logconfig_dict = LOGGING
limit_request_line = 8190  # an asyncPostUrl and ids, percent-encoded
gunicorn_refusals.install()
pre_request = gunicorn_unread.close_behind
post_request = gunicorn_unread.read_off

if not behind_proxy():
    _pki = Path(env.str("PKI_DIR", f"{state_dir()}/pki"))
    certfile = str(_pki / "tls.crt")
    keyfile = env.str("KEYS_DIR", f"{state_dir()}/keys") + "/tls.key"
    ca_certs = str(_pki / "access.crt")
    cert_reqs = ssl.CERT_OPTIONAL
    ssl_context = Contexts(revocation_list=_pki / "access.crl.pem")
