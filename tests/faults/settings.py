"""Settings of the processes that fault tests start: the product's, without collected static files."""

from config.env import env
from config.settings import *  # noqa: F403 - a settings module is its names
from config.settings import CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT, STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# What `celery worker --time-limit` would say does not reach tasks where the settings say something.
CELERY_TASK_SOFT_TIME_LIMIT = env.int("TASK_SOFT_SECONDS", default=CELERY_TASK_SOFT_TIME_LIMIT)
CELERY_TASK_TIME_LIMIT = env.int("TASK_HARD_SECONDS", default=CELERY_TASK_TIME_LIMIT)
