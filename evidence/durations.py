"""How long a try to sign an order may last: it grows with its documents, each of which takes two time stamps."""

import math

from django.conf import settings

USUAL_SECONDS = 80
"""What any try has; a little less than CELERY_TASK_SOFT_TIME_LIMIT, as DOSSIER_SECONDS is."""
OWN_SECONDS, STAMPS = 2, 2
"""Of one document, on a busy machine: what we do ourselves, and how often an authority is asked."""


def more_seconds(documents: int) -> int:
    """How much longer than usual a try to sign so many documents may last, ORDER_LONGEST_SECONDS in all at most.

    As long as it takes where an external authority uses all of its TSA_SECONDS at each stamp.
    """
    each = OWN_SECONDS + (STAMPS * settings.TSA_SECONDS if settings.TSA_URLS else 0)
    whole = min(math.ceil(documents * each), int(settings.ORDER_LONGEST_SECONDS))
    return max(0, whole - USUAL_SECONDS)


def lease_seconds(documents: int) -> float:
    """How long a worker holds an order of so many documents: longer than its try may last."""
    return float(settings.LEASE_SECONDS + more_seconds(documents))
