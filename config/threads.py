"""How many calls one process of the service has in hand, how many of them it works at, and how many may wait."""

WORKING = 10  # each may hold a document of megabytes and a connection to the database
WAITING = 24  # for a worker, with sign?mode=SYNC: they hold a thread, and next to nothing else
SPARE = 2  # for probes and calls that are answered at once, whatever the others wait for
SERVICE = WAITING + SPARE
