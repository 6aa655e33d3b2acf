"""Gunicorn, the plain HTTP listener: `/pki/*` only, where certificates point for issuers and revocation lists."""

from config.gunicorn_logs import LOGGING
from config.listeners import bind as bind_of

bind = bind_of("pki")
worker_class = "config.gunicorn_heads.Worker"  # threads that nobody holds by a slow header
workers = 1
threads = 2
keepalive = 2
control_socket_disable = True  # its default place is shared by every gunicorn of the user
forwarded_allow_ips = ""
logconfig_dict = LOGGING
