"""Who computes a sweep: Dask workers that run somewhere, or processes that are started here."""

from __future__ import annotations

import logging
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from opdanalysis.errors import UsageError
from opdanalysis.study.sweep_files import needs_large

ANSWER_SECONDS, WORKER_SECONDS = 10, 60
"""How long a scheduler may take to answer, and to have a worker."""

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
ONE_THREAD = dict.fromkeys(THREADS, "1")
"""What keeps a worker to one thread of linear algebra."""


def dask_distributed() -> Any:
    """The library dask.distributed. Raises UsageError with what to install when it is missing."""
    try:
        import distributed
    except ImportError as error:
        raise needs_large("Dask") from error
    return distributed


@contextmanager
def client_of(scheduler: str | None, workers: int) -> Iterator[Any]:
    """A Dask client of the scheduler at an address, or of so many processes started here.

    Raises UsageError when Dask is not installed, no scheduler answers, or it has no worker.
    """
    distributed = dask_distributed()
    if scheduler is not None:
        with _of_scheduler(scheduler, distributed) as client:
            yield client
        return
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    room = Path(tempfile.mkdtemp(prefix="opdanalysis-dask-"))
    try:
        with _ctrl_c_is_ours():
            cluster = distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                dashboard_address="127.0.0.1:0",  # any free port
                silence_logs=logging.CRITICAL,
                local_directory=str(room),
                env=ONE_THREAD,
            )
        with cluster, distributed.Client(cluster) as client:
            yield client
    finally:
        shutil.rmtree(room, ignore_errors=True)


@contextmanager
def _ctrl_c_is_ours() -> Iterator[None]:
    """Processes that are started within this pass over Ctrl-C; this one ends them."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not the main thread: no Ctrl-C comes here
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _of_scheduler(address: str, distributed: Any) -> Iterator[Any]:
    try:
        client = distributed.Client(address, timeout=ANSWER_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {address}. Start one with `dask scheduler` and give "
            "the address that it prints, such as tcp://192.168.0.5:8786."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKER_SECONDS)
        except TimeoutError as error:
            raise UsageError(
                f"the Dask scheduler at {address} has no worker. Start some with "
                f"`dask worker {address} --nthreads 1`."
            ) from error
        yield client
