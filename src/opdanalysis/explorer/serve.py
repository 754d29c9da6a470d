"""Serves the explorer in a browser with Voila, without asking any other server."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from opdanalysis.errors import UsageError
from opdanalysis.reading.places import project_folder

NOTEBOOK = Path("notebooks") / "explorer" / "explorer.ipynb"
TEMPLATE = "opdanalysis"
TEMPLATES = Path(__file__).parent / "jupyter"
"""Where Voila finds the template of the page."""

OPTIONS = (
    f"--template={TEMPLATE}",
    "--VoilaConfiguration.show_tracebacks=False",
    "--MappingKernelManager.cull_interval=60",
    "--MappingKernelManager.cull_idle_timeout=1800",
)
"""Pages that nobody uses for half an hour give back their memory."""


def serve(arguments: Sequence[str] | None = None) -> None:
    """Start the server and stay until it is stopped.

    Raises UsageError outside a clone, for the notebook comes with it.
    """
    parser = argparse.ArgumentParser(prog="python -m opdanalysis.explorer", description=__doc__)
    parser.add_argument("--port", type=int, default=8866, help="port of the page (8866)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    options = parser.parse_args(arguments)
    project = project_folder()
    if project is None:
        raise UsageError("the explorer comes with the clone of opdanalysis; start it inside it.")
    start_voila(project / NOTEBOOK, options.port, options.no_browser)


def start_voila(notebook: Path, port: int, no_browser: bool) -> None:
    """Serve a notebook with the project's template."""
    before = os.environ.get("JUPYTER_PATH", "")
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(TEMPLATES), before]))
    from voila.app import Voila

    extra = ["--no-browser"] if no_browser else []
    Voila.launch_instance([str(notebook), f"--port={port}", *OPTIONS, *extra])
