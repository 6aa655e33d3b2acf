"""Gunicorn, the plain HTTP listener: `/pki/*` only, where certificates point for issuers and revocation lists."""

from config.env import env
from config.gunicorn_logs import LOGGING

bind = f"{env.str('BIND_ADDRESS', '127.0.0.1')}:{env.int('HTTP_PORT', 8080)}"
worker_class = "gthread"
workers = 1
threads = 2
keepalive = 2
control_socket_disable = True  # its default place is shared by every gunicorn of the user
logconfig_dict = LOGGING
