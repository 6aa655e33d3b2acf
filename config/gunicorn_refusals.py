"""What gunicorn itself refuses before Django sees it (an address too long, a broken request): JSON, like the rest."""

import json
import socket

from gunicorn import util

LABELS = {414: "ERROR_URI_TOO_LONG", 431: "ERROR_HEADERS_TOO_LONG"}
SENTENCES = {414: "L'adresse de la requête est trop longue.", 431: "Les en-têtes de la requête sont trop longs."}


def write_json(sock: socket.socket, status_int: int, reason: str, mesg: str) -> None:  # noqa: ARG001 - gunicorn's own
    """In the place of gunicorn's page; what it knows of the cause is not told to whoever sent it."""
    if status_int in {501, 505}:  # a transfer coding or a version of HTTP that is none: the caller's fault
        status_int, reason = 400, "Bad Request"
    broken = status_int < 500  # noqa: PLR2004 - client errors
    label = LABELS.get(status_int, "ERROR_BAD_REQUEST" if broken else "ERROR_INTERNAL")
    otherwise = "La requête n'est pas valable." if broken else "Le service a rencontré une erreur."
    told = {"errorMsg": SENTENCES.get(status_int, otherwise), "errorLabel": label}
    body = json.dumps(told, ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\nConnection: close\r\nContent-Type: application/json\r\n"
        f"Cache-Control: no-store\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + body)


def install() -> None:
    """Have gunicorn's workers answer so."""
    util.write_error = write_json
