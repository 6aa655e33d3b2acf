"""What beat rings and how often (seconds; a bell not heard before the next is dropped), and how long work may last."""

from config.env import env

SWEEP_SECONDS = env.float("SWEEP_SECONDS", default=5)
CHECKPOINT_SECONDS = env.float("CHECKPOINT_SECONDS", default=600)
ARCHIVE_CHECK_SECONDS = env.float("ARCHIVE_CHECK_SECONDS", default=60)  # how often some packages are read whole
RENEWAL_SECONDS = env.float("RENEWAL_SECONDS", default=86_400)
KEEPING_SECONDS = env.float("KEEPING_SECONDS", default=3600)  # how often what has been kept long enough is looked for
HEARTBEAT_SECONDS = 10
HEARTBEAT_MAX_AGE_SECONDS = 60

# The row is the queue: how long a claim lasts, when work is given up, how old things may become.
LEASE_SECONDS = env.float("LEASE_SECONDS", default=90)
ARCHIVE_CHECK_DAYS = env.int("ARCHIVE_CHECK_DAYS", default=30)  # how old the check of a package may become
# So long before its authority's certificate ends, a dossier is stamped anew.
RENEWAL_DAYS = env.int("RENEWAL_DAYS", default=180)
MAX_ATTEMPTS = env.int("MAX_ATTEMPTS", default=5)
# A signature has the usual time, and more where its documents and the authorities that stamp them need it, up to this;
# the one-use certificate is good for an hour.
ORDER_LONGEST_SECONDS = env.int("ORDER_LONGEST_SECONDS", default=1200)
DOSSIERS_AT_ONCE = env.int("DOSSIERS_AT_ONCE", default=1)  # the other processes of all workers are for signatures
# A dossier is made in so long, and a second more for each entry of its trail beyond LONG_TRAIL; at most in the longest.
DOSSIER_SECONDS = env.int("DOSSIER_SECONDS", default=80)
DOSSIER_LONGEST_SECONDS = env.int("DOSSIER_LONGEST_SECONDS", default=900)
# Each takes a fifth off: at five, a third of what its worker gets where both want a processor; all of an idle one.
DOSSIER_NICENESS = env.int("DOSSIER_NICENESS", default=5)
DOSSIER_PATIENCE_SECONDS = env.float("DOSSIER_PATIENCE_SECONDS", default=60)  # how long one stands behind signatures
LEFTOVER_SECONDS = env.float("LEFTOVER_SECONDS", default=1800)  # longer than the longest of what is above
CRL_MAX_AGE_SECONDS = env.int("CRL_MAX_AGE_SECONDS", default=30)

_BELLS = {
    "sweep": ("signing.tasks.sweep", SWEEP_SECONDS),
    "sweep-orders": ("signing.backend.tasks.sweep", SWEEP_SECONDS),
    "sweep-dossiers": ("evidence.tasks.sweep", SWEEP_SECONDS),
    "checkpoint": ("evidence.tasks.checkpoint", CHECKPOINT_SECONDS),
    "check-archive": ("evidence.tasks.check_archive", ARCHIVE_CHECK_SECONDS),
    "renew": ("evidence.tasks.renew", RENEWAL_SECONDS),
    "keep": ("signing.tasks.keep", KEEPING_SECONDS),
    "keep-logs": ("evidence.tasks.keep_logs", KEEPING_SECONDS),
    "keep-orders": ("signing.backend.tasks.keep", KEEPING_SECONDS),
    "heartbeat": ("signing.backend.tasks.heartbeat", HEARTBEAT_SECONDS),
}
CELERY_BEAT_SCHEDULE = {
    name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for name, (task, seconds) in _BELLS.items()
}
