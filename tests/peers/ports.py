"""Free ports on loopback; changes when a peer needs another arrangement of ports."""

import random
import socket

# Below the kernel's ephemeral ports (32768 and up), so that no client socket of the machine takes one meanwhile.
_LOWEST, _HIGHEST = 20_000, 32_000


def free_port(count: int = 2) -> int:
    """The first, an even one, of `count` (1 to 1000) ports in a row that are free on 127.0.0.1 for UDP and TCP.

    OSError when there are none. Two by default: baresip binds TLS one port above the one it is given. The ports are
    free now, not reserved.
    """
    for _ in range(200):
        first = random.randrange(_LOWEST, _HIGHEST - count, 2)
        if all(_is_free(port) for port in range(first, first + count)):
            return first
    raise OSError(f"no {count} free ports in a row on 127.0.0.1 between {_LOWEST} and {_HIGHEST}")


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as attempt:
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
