"""Where data, studies and notebooks lie: in a clone, or as shipped with the package."""

from __future__ import annotations

from pathlib import Path

from opdanalysis.errors import UsageError, did_you_mean

PACKAGE = Path(__file__).resolve().parents[1]
CITY_FILE = "city.yaml"
SOURCES_FILE = "sources.yaml"


def project_folder() -> Path | None:
    """The clone that holds data, notebooks and studies: around here, or around the package."""
    here = Path.cwd().resolve()
    for folder in (here, *here.parents, PACKAGE.parents[1]):
        if (folder / "data" / "sources.yaml").is_file() and (folder / "notebooks").is_dir():
            return folder
    return None


def data_folder() -> Path:
    """The folder `data` of the clone, or the one shipped with the package."""
    project = project_folder()
    return project / "data" if project else PACKAGE / "data"


def city_folder(city: str | Path) -> Path:
    """The folder of a city, by its id or by its path.

    Raises UsageError when there is none.
    """
    given = Path(city)
    if (given / CITY_FILE).is_file():
        return given
    if given.is_dir():
        raise UsageError(
            f"the folder {given} has no {CITY_FILE}, so it is not a city. "
            "See data/README.md for the files that a city needs."
        )
    cities = data_folder() / "cities"
    known = sorted(folder.name for folder in cities.iterdir() if (folder / CITY_FILE).is_file())
    if str(city) in known:
        return cities / str(city)
    raise UsageError(f"city '{city}' was not found. {did_you_mean(str(city), known)}")
