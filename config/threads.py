"""How many calls one process of the service answers at the same time, and how many of them may wait for a worker."""

SERVICE = 10
SPARE = 2  # for probes and calls that are answered at once, whatever the others wait for
WAITING = SERVICE - SPARE
