"""Settings of the processes that fault tests start: the product's, without collected static files."""

from config.settings import *  # noqa: F403 - a settings module is its names
from config.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
