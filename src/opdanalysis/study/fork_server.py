"""A process that imports the libraries once and then forks a ready kernel for every notebook.

Run as `python -m opdanalysis.study.fork_server SOCKET MODULE...` with the environment of the
kernels. It prints one line when it is ready, and ends when its standard input closes. When anything
makes a fork doubtful (a second thread, an import that warns) it ends at once, and the notebooks get
kernels of the usual kind.

For each request it forks twice. The grandchild becomes the kernel. The child in the middle watches
the line to whoever asked: when that breaks it kills the kernel, and when the kernel ends it says
how.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
import time
import warnings
from pathlib import Path

from opdanalysis.study.kernel_stub import READY

LOOK = 0.05
"""Seconds between two looks at whether a kernel has ended."""

TIDY = 1.0
"""Seconds between two looks at whether processes in the middle have ended."""

# Never matplotlib_inline.backend_inline: it ties itself to a living shell, and imported before
# there is one it makes figures vanish without a word.
KERNEL = ("ipykernel.ipkernel", "ipykernel.kernelapp", "ipykernel.zmqshell")
PICTURES = (
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
)


def main(address: str, modules: list[str]) -> int:
    """Serve until the standard input closes."""
    if Path(sys.path[0]) == Path.cwd():
        del sys.path[0]  # where this was started is not where a kernel looks for modules
    warned: list[object] = []
    show = warnings.showwarning
    # Not catch_warnings: it would also take back the filters that libraries set for their own.
    warnings.showwarning = lambda *warning, **_: warned.append(warning)  # type: ignore[assignment]
    for name in (*KERNEL, *PICTURES, *modules):
        with contextlib.suppress(ImportError):  # the notebook will say it in its own words
            importlib.import_module(name)
    warnings.showwarning = show
    if warned or _threads() != 1:
        return 1
    gc.collect()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        print(READY, flush=True)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this decides when it ends
        while True:
            ready, _, _ = select.select([door, sys.stdin], [], [], TIDY)
            _bury()
            if sys.stdin in ready:
                break
            if door in ready:
                line, _ = door.accept()
                if os.fork() == 0:
                    door.close()
                    _middle(line)
                line.close()
    until = time.monotonic() + TIDY
    while _bury() and time.monotonic() < until:
        time.sleep(LOOK)
    return 0


def _bury() -> bool:
    """Take note of processes in the middle that have ended; whether there may be more."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
        return True
    return False


def _threads() -> int:
    with contextlib.suppress(OSError):
        return len(os.listdir("/proc/self/task"))
    return threading.active_count()


def _middle(line: socket.socket) -> None:
    """Fork the kernel, watch it and the line, and never return."""
    start, outlets, _, _ = socket.recv_fds(line, 1, 3)
    request = _request(line) if start and len(outlets) == 3 else None
    if request is None:
        os._exit(1)
    kernel = os.fork()
    if kernel == 0:
        line.close()
        _become_kernel(request, outlets)
    for number in (0, 1, 2):
        os.dup2(os.open(os.devnull, os.O_RDWR), number)
    for outlet in outlets:
        os.close(outlet)
    while True:
        ended, status, used = os.wait4(kernel, os.WNOHANG)
        if ended:
            with contextlib.suppress(OSError):
                seconds = used.ru_utime + used.ru_stime
                line.sendall(f"{status} {used.ru_maxrss} {seconds:.2f}\n".encode())
            os._exit(0)
        ready, _, _ = select.select([line], [], [], LOOK)
        if ready:
            word = line.recv(1)
            with contextlib.suppress(ProcessLookupError):
                os.kill(kernel, signal.SIGINT if word == b"i" else signal.SIGKILL)
            if not word:
                os.waitpid(kernel, 0)
                os._exit(0)


def _request(line: socket.socket) -> dict[str, object] | None:
    text = b""
    while not text.endswith(b"\n"):
        more = line.recv(1 << 16)
        if not more:
            return None
        text += more
    return json.loads(text)


def _become_kernel(request: dict[str, object], outlets: list[int]) -> None:
    """Turn this process into the kernel that was asked for; never return."""
    os.setsid()  # as Jupyter does for a kernel that it starts itself
    for number, outlet in enumerate(outlets):
        os.dup2(outlet, number)
        os.close(outlet)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 -- it stays open as long as the kernel lives
    os.environ.clear()
    os.environ.update(request["env"])  # type: ignore[call-overload]
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    os.chdir(str(request["cwd"]))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if "numpy.random" in sys.modules:  # without a seed, no two kernels may draw the same
        sys.modules["numpy.random"].seed()
    import ipykernel
    from ipykernel.kernelapp import IPKernelApp

    program = Path(ipykernel.__file__).with_name("kernelapp.py").parent.parent
    sys.argv = [str(program / "ipykernel_launcher.py"), *request["arguments"]]  # type: ignore[misc]
    code = 1
    try:
        IPKernelApp.launch_instance(parent_handle=os.getppid())  # it ends when its parent does
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.__stdout__.flush()  # type: ignore[union-attr]
        os._exit(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
