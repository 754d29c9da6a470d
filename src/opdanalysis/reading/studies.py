"""The file of a study: which city, plans, scenarios, draws, seed, language and notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opdanalysis.errors import DataProblems, UsageError, did_you_mean
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.places import CITY_FILE, project_folder
from opdanalysis.reading.yaml_files import LANGUAGES, read_fields
from opdanalysis.text.words import Words

INDEX_DRAWS = 1_024
"""Draws of each sample behind the shares of variance, where a study names no other number."""


@dataclass(frozen=True)
class StudyFile:
    """What a study asks for. No plans means every plan of the city.

    `notebooks` are names in the clone's folder `notebooks`, or paths that end in .ipynb; such a
    path, like the path of a city's folder, is seen from the study's file. `index_draws` are the
    draws of each of the two samples behind the shares of variance.
    """

    id: str
    folder: Path
    city: str
    title: dict[str, str]
    plans: tuple[str, ...]
    scenarios: tuple[str, ...]
    draws: int
    seed: int
    lang: str
    notebooks: tuple[str, ...]
    index_draws: int


def read_study(study: str | Path) -> StudyFile:
    """A study by the path of its file or by its name in the folder `studies`.

    Raises UsageError with every fault of the file, or when there is no such study.
    """
    path = study_path(study)
    faults = Faults()
    fields = read_fields(path, faults)
    draws, seed = fields.whole("draws"), fields.whole("seed")
    index_draws = fields.whole("index_draws", INDEX_DRAWS)
    found = StudyFile(
        id=path.stem,
        folder=path.resolve().parent,
        city=_city(fields.text("city") or "", path.resolve().parent),
        title=fields.words("title"),
        plans=fields.listed("plans", ()),
        scenarios=fields.listed("scenarios"),
        draws=draws or 0,
        seed=seed or 0,
        lang=fields.chosen("lang", LANGUAGES) or LANGUAGES[0],
        notebooks=fields.listed("notebooks"),
        index_draws=index_draws or 0,
    )
    fields.close()
    if draws is not None and draws < 1:
        fields.fault(f"{draws} is too few; at least 1 is needed.", "draws")
    if index_draws is not None and index_draws < 1:
        fields.fault(f"{index_draws} is too few; at least 1 is needed.", "index_draws")
    if not found.scenarios:
        fields.fault("at least one scenario is needed.", "scenarios")
    if faults.found:
        raise UsageError("\n".join(map(str, DataProblems(faults.found).problems)))
    return found


def with_settings(
    file: StudyFile,
    plans: Sequence[str] | None = None,
    scenario: str | None = None,
    draws: int | None = None,
    seed: int | None = None,
    lang: str | None = None,
) -> StudyFile:
    """The study with other settings; what is None stays as it is."""
    if draws is not None and draws < 1:
        raise UsageError(f"draws is {draws}; at least 1 is needed.")
    if seed is not None and seed < 0:
        raise UsageError(f"seed is {seed}; 0 or more is needed.")
    others = tuple(id for id in file.scenarios if id != scenario)
    return replace(
        file,
        plans=tuple(plans) if plans else file.plans,
        scenarios=(scenario, *others) if scenario else file.scenarios,
        draws=file.draws if draws is None else draws,
        seed=file.seed if seed is None else seed,
        lang=Words(lang).lang if lang else file.lang,
    )


def _city(city: str, folder: Path) -> str:
    return str(folder / city) if (folder / city / CITY_FILE).is_file() else city


def notebook_path(file: StudyFile, name: str) -> Path:
    """Where a notebook of a study lies."""
    if name.endswith(".ipynb"):
        return file.folder / name
    project = project_folder()
    if project is None:
        raise UsageError("notebooks come with the clone of opdanalysis; run the study inside it.")
    return project / "notebooks" / f"{name}.ipynb"


def study_reference(study: str | Path) -> str:
    """How a notebook names a study's file: from the clone where it lies inside, else in full."""
    path, project = study_path(study).resolve(), project_folder()
    if project is not None and path.is_relative_to(project):
        return path.relative_to(project).as_posix()
    return str(path)


def study_path(study: str | Path) -> Path:
    """Where the file of a study lies. Raises UsageError when there is none."""
    given = Path(study)
    if given.suffix == ".yaml" and given.is_file():
        return given
    project = project_folder()
    if project is None:
        raise UsageError(
            f"study '{study}' was not found, and this is no clone of opdanalysis with a folder "
            "'studies'. Name the file of the study."
        )
    if (project / given).is_file():
        return project / given
    known = sorted(path.stem for path in (project / "studies").glob("*.yaml"))
    if given.stem in known and str(given.parent) in (".", "studies"):
        return project / "studies" / f"{given.stem}.yaml"
    raise UsageError(f"study '{study}' was not found. {did_you_mean(given.stem, known)}")
