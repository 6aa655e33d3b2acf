"""WSGI entry point; the environment's LISTENER decides which URL conf it serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 views and schemas are loaded now: the first caller waited seconds for them
