"""Kernels for the notebooks: forked from one process that is ready, or started one by one."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opdanalysis.study.kernel_stub import READY, USED

AUTO, FORK, STANDARD = "auto", "fork", "standard"
KINDS = (AUTO, FORK, STANDARD)

CELL_NAME = "<cell>"

# Same study, same bytes: one hash seed, one thread of linear algebra, no clock, zone or locale.
STEADY = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # pyarrow's; with a thread nothing is forked
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "IPYKERNEL_CELL_NAME": CELL_NAME,
    "MPLBACKEND": "agg",
}
UNSTEADY = (
    "PYTHONWARNINGS",
    "PYTHONOPTIMIZE",
    "PYTHONSTARTUP",
    "LANGUAGE",
    "FORCE_COLOR",
    "NO_COLOR",
)
"""Variables of the user's shell that could show in a notebook."""

PATIENCE = 60.0
"""Seconds to wait for the fork server before doing without."""

FOLDER_START = "opdanalysis-run-"


@dataclass
class Ended:
    """How a kernel ended: its exit code, negative for a signal, and what it had used.

    Its peak memory [MiB] and seconds of the processor are None where the system does not tell.
    """

    code: int | None = None
    peak_mib: float | None = None
    cpu_seconds: float | None = None

    @property
    def killed(self) -> bool:
        """Whether the system killed it, which it does to processes that take too much memory."""
        return self.code == -9


@dataclass
class Kernels:
    """The kernels of one run: where their sockets lie, and the server to fork them from."""

    folder: Path
    server: subprocess.Popen[str] | None = None
    managers: set[Any] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_ready: bool | None = None
    _count: int = 0

    @property
    def address(self) -> str:
        """The socket of the fork server."""
        return str(self.folder / "server")

    def forked(self) -> bool:
        """Whether kernels are forked; waits until the server knows."""
        with self._lock:
            if self._is_ready is None:
                self._is_ready = self.server is not None and _said_ready(self.server)
            return self._is_ready and self.server is not None and self.server.poll() is None

    def new_file(self) -> str:
        """A place for the connection file of one more kernel."""
        with self._lock:
            self._count += 1
            return str(self.folder / f"k{self._count}.json")

    def kill(self) -> None:
        """End every kernel at once."""
        for manager in list(self.managers):
            process = getattr(manager.provisioner, "process", None)
            if process is not None:
                with contextlib.suppress(OSError):
                    process.kill()


@contextmanager
def kernels(kind: str, modules: Sequence[str]) -> Iterator[Kernels]:
    """A place for kernels; those that are forked have `modules` imported already.

    Without modules to import there is nothing to gain, and kernels are of the usual kind.
    """
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_START}{os.getpid()}-"))
    found = Kernels(folder)
    try:
        if kind == FORK or (kind == AUTO and modules and sys.platform == "linux"):
            found.server = _server(found.address, modules, folder)
        yield found
    finally:
        found.kill()
        if found.server is not None:
            _stop(found.server)
        shutil.rmtree(folder, ignore_errors=True)


def surroundings(folder: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of a kernel: the user's, without what could show in a notebook."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSTEADY}
    own = {**STEADY, "IPYTHONDIR": str(folder / "ipython"), **extra}
    if settings := _matplotlib_settings():
        own["MATPLOTLIBRC"] = settings
    if places := kept.get("PYTHONPATH"):  # it may be seen from here, and kernels run elsewhere
        kept["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, places.split(os.pathsep)))
    return {**kept, **own}


def _matplotlib_settings() -> str | None:
    """The settings that matplotlib comes with, in place of the user's own."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        return None
    return str(Path(found.origin).parent / "mpl-data" / "matplotlibrc")


def manager_class(
    found: Kernels, environment: Mapping[str, str], folder: Path, ended: Ended
) -> type[Any]:
    """The class by which Jupyter starts a kernel of this run, and which notes how it ended."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class OwnKernelManager(AsyncKernelManager):
        """A kernel of this very Python, whatever kernels are registered on the machine."""

        def __init__(self, **words: Any) -> None:
            super().__init__(**words)
            self.connection_file = found.new_file()
            if os.name != "nt":  # no ports to clash, nothing to overhear
                self.transport = "ipc"
            self._forked = found.forked()
            found.managers.add(self)

        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(argv=[], display_name="Python 3", language="python")

        def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
            file, options = self.connection_file, extra_arguments or []
            if self._forked:
                stub = str(Path(__file__).with_name("kernel_stub.py"))
                return [sys.executable, "-I", "-S", stub, found.address, file, *options]
            return [sys.executable, "-m", "ipykernel_launcher", "-f", file, *options]

        async def start_kernel(self, **words: Any) -> None:
            words |= {"env": dict(environment), "cwd": str(folder)}
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await self._async_start_kernel(**words, **quiet)

        async def _async_interrupt_kernel(self) -> None:
            """Nothing: when a kernel is told to end, its cells have ended before."""

        async def _async_is_alive(self) -> bool:
            process = getattr(self.provisioner, "process", None)
            if process is not None and process.poll() is not None:
                ended.code = process.returncode
            return await super()._async_is_alive()

        is_alive = _async_is_alive

        async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:
            if not self._forked and self.provisioner is not None:
                _note_living(ended, self.provisioner.pid)
            await self._async_shutdown_kernel(now=now, restart=restart)

        async def cleanup_resources(self, restart: bool = False) -> None:
            if self._forked:
                _note_ended(ended, Path(self.connection_file + USED))
            await self._async_cleanup_resources(restart=restart)
            found.managers.discard(self)

    return OwnKernelManager


def _server(address: str, modules: Sequence[str], folder: Path) -> subprocess.Popen[str] | None:
    if not hasattr(os, "fork"):
        return None
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "opdanalysis.study.fork_server", address, *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=folder,
            env=surroundings(folder, {}),
            start_new_session=True,  # Ctrl-C is for us; the server ends when we close its input
        )
    except OSError:
        return None


def _said_ready(server: subprocess.Popen[str]) -> bool:
    assert server.stdout is not None
    ready, _, _ = select.select([server.stdout], [], [], PATIENCE)
    return bool(ready) and server.stdout.readline().strip() == READY


def _stop(server: subprocess.Popen[str]) -> None:
    assert server.stdin is not None
    assert server.stdout is not None
    with contextlib.suppress(OSError):
        server.stdin.close()
    try:
        server.wait(timeout=2)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    server.stdout.close()


def _note_living(ended: Ended, pid: int | None) -> None:
    """Note what a kernel of the usual kind has used, just before it is told to end (Linux)."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                ended.peak_mib = round(int(line.split()[1]) / 1024, 1)
        ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        ended.cpu_seconds = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _note_ended(ended: Ended, used: Path) -> None:
    """Note what a forked kernel has used, as its stand-in wrote it down."""
    with contextlib.suppress(OSError, ValueError):
        peak, seconds = used.read_text().split()
        unit = 2**20 if sys.platform == "darwin" else 1024
        ended.peak_mib = round(int(peak) / unit, 1)
        ended.cpu_seconds = float(seconds)


def _sweep() -> None:
    """Remove the sockets of runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_START}*"):
        with contextlib.suppress(OSError, ValueError):
            pid = int(folder.name.removeprefix(FOLDER_START).partition("-")[0])
            if not _lives(pid) and time.time() - folder.stat().st_mtime > 60:
                shutil.rmtree(folder, ignore_errors=True)


def _lives(pid: int) -> bool:
    if os.name == "nt":
        return True  # asking is not safe there; the folder for temporary files is tidied anyway
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
