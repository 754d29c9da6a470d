"""A kernel's stand-in: it asks the fork server for the kernel and lives as long as that does.

Run as a program of its own, which imports next to nothing:
`kernel_stub.py SOCKET CONNECTION_FILE [OPTION OF THE KERNEL]...`. Jupyter starts, signals and
watches this process; the kernel gets its environment, its folder and its output.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys

READY = "ready"
"""What the fork server says when kernels can be asked of it."""

USED = ".used"
"""The ending of the file, beside the connection file, with the peak memory and seconds used."""


def main(address: str, connection_file: str, *options: str) -> None:
    """Have a kernel started and end as it ends."""
    parent = os.getppid()
    server = socket.socket(socket.AF_UNIX)
    server.connect(address)
    arguments = ["-f", connection_file, *options]
    request = {"cwd": os.getcwd(), "env": dict(os.environ), "arguments": arguments}
    socket.send_fds(server, [b"k"], [0, 1, 2])
    server.sendall(json.dumps(request).encode() + b"\n")
    signal.signal(signal.SIGINT, lambda *_: server.sendall(b"i"))
    server.settimeout(0.5)
    answer = b""
    while not answer.endswith(b"\n"):
        try:
            more = server.recv(4096)
        except TimeoutError:
            if os.getppid() != parent:  # whoever wanted the kernel is gone; so will it be
                return
            continue
        if not more:
            sys.exit(1)
        answer += more
    ended, used = answer.split(b" ", 1)
    with contextlib.suppress(OSError), open(connection_file + USED, "wb") as file:
        file.write(used)
    status = int(ended)
    if os.WIFSIGNALED(status):  # die the same death, so that Jupyter sees what happened
        signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main(*sys.argv[1:])
