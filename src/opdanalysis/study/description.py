"""What the outputs say of themselves: the map, the values, the README and the crate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from opdanalysis.reading.cited import cited_in
from opdanalysis.reading.places import project_folder
from opdanalysis.study.crate import AboutStudy, write_crate
from opdanalysis.study.kept import Part
from opdanalysis.study.keys import file_name, hashes, input_files, library_versions
from opdanalysis.study.map import write_map
from opdanalysis.study.replicators_readme import write_readme
from opdanalysis.study.steps import Step

if TYPE_CHECKING:
    from opdanalysis.study.open_study import OpenStudy


def write_description(
    parts: Mapping[str, Part],
    study: OpenStudy,
    steps: Sequence[Step],
    reference: str,
    folder: Path,
) -> None:
    """Write the map, the values, the README and the crate of outputs that are complete otherwise.

    `reference` is how commands name the study's file.
    """
    file, root = study.file, project_folder()
    rows = write_map(parts, folder, file.lang)
    about = AboutStudy(
        name=study.words.of(file.title, file.id),
        description=study.words.of(study.city.description, study.city.name_in(file.lang)),
        date=study.newest_day,
        lang=file.lang,
        synthetic=study.city.synthetic,
        reference=Path(reference).name if Path(reference).is_absolute() else reference,
        draws=file.draws,
        seed=file.seed,
        data=steps[0].ingredients.data if steps else {},
        notebooks=hashes(step.source.path for step in steps),
        libraries=library_versions(),
    )
    cited = {
        file_name(path, root): cited_in(path, study.sources) for path in input_files(study.folder)
    }
    titles = {name: part.title for name, part in parts.items()}
    write_readme(about, rows, titles, cited, study.sources, folder)
    write_crate(about, folder)
