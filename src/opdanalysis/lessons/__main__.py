"""`python -m opdanalysis.lessons`: copies the lessons for a student and opens them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from opdanalysis.errors import OpdError
from opdanalysis.lessons.copies import write_copies
from opdanalysis.reading.places import project_folder
from opdanalysis.text.words import LANGUAGES


def main() -> None:
    """Write the copies and start JupyterLab on them; a fault ends with a sentence and code 2."""
    parser = argparse.ArgumentParser(prog="python -m opdanalysis.lessons", description=__doc__)
    parser.add_argument("--lang", choices=LANGUAGES, default="id", help="language (id)")
    parser.add_argument("--folder", type=Path, help="where to copy to (outputs/lessons-<lang>)")
    parser.add_argument("--no-open", action="store_true", help="copy only, do not open JupyterLab")
    options = parser.parse_args()
    root = project_folder() or Path.cwd()
    folder = options.folder or root / "outputs" / f"lessons-{options.lang}"
    try:
        paths = write_copies(options.lang, folder)
    except OpdError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    print("\n".join(str(path) for path in paths))
    if not options.no_open:
        from jupyterlab.labapp import main as lab

        lab([f"--ServerApp.root_dir={folder.resolve()}"])


if __name__ == "__main__":
    main()
