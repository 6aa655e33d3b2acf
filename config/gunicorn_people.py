"""Gunicorn, the people's listener: TLS on HTTPS_PORT, or plain behind a proxy that does the TLS."""

from config import gunicorn_unread
from config.env import env, state_dir
from config.gunicorn_logs import LOGGING
from config.gunicorn_tls import Contexts
from config.listeners import behind_proxy
from config.listeners import bind as bind_of

bind = bind_of("people")
worker_class = "config.gunicorn_heads.Worker"  # threads that nobody holds by a slow header
workers = 2
threads = 4
keepalive = 15
preload_app = True  # Django is imported once, not once a worker
control_socket_disable = True  # its default place is shared by every gunicorn of the user
forwarded_allow_ips = ""  # what is believed of headers is Django's matter (config.proxy)
logconfig_dict = LOGGING
pre_request = gunicorn_unread.bound
post_request = gunicorn_unread.unbound

if not behind_proxy():
    certfile = env.str("PKI_DIR", f"{state_dir()}/pki") + "/tls.crt"
    keyfile = env.str("KEYS_DIR", f"{state_dir()}/keys") + "/tls.key"
    ssl_context = Contexts()
