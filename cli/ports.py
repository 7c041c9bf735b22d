"""The port at which a stack answers: taken before anything is started, and kept to its end.

So nobody else can take it in between. A request that comes while the API starts waits for it.
"""

import socket

from cli.errors import StackError

FIRST_PORT, PORTS = 8000, 100
BACKLOG = 2048


def listen(host: str, wanted: int | None) -> socket.socket:
    """At `wanted`, else an error; without one at the first free port from 8000."""
    candidates = [wanted] if wanted is not None else range(FIRST_PORT, FIRST_PORT + PORTS)
    for port in candidates:
        if listener := try_to_listen(host, port):
            return listener
    if wanted is not None:
        raise StackError(f"port {wanted} on {host} is taken or not allowed; choose another --port")
    raise StackError(f"no free port on {host} from {FIRST_PORT}; choose one with --port")


def try_to_listen(host: str, port: int) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.getaddrinfo(host, port, family)
    except socket.gaierror as error:
        raise StackError(f"{host!r} is not an address of this machine") from error
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError:
        return None
