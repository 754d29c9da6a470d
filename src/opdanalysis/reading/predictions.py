"""The register of what a city's study foretells."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from opdanalysis.city.city import City
from opdanalysis.errors import did_you_mean
from opdanalysis.experiment.predictions import quantities_of
from opdanalysis.plans.dates import day_of
from opdanalysis.plans.prediction import Prediction
from opdanalysis.reading.claim_tests import known_plan
from opdanalysis.reading.faults import Faults
from opdanalysis.reading.yaml_files import Fields, read_fields

PREDICTIONS_FILE = "predictions.yaml"


def predictions_from(
    folder: Path, city: City | None, plans: Collection[str], faults: Faults
) -> tuple[Prediction, ...]:
    """The predictions of a city; faults are noted. A city without the file makes none."""
    path = folder / PREDICTIONS_FILE
    if not path.is_file():
        return ()
    fields = read_fields(path, faults)
    stated = _day(fields, "stated")
    found = tuple(
        _prediction(entry, stated, city, plans, faults) for entry in fields.entries("predictions")
    )
    fields.close()
    return found


def _prediction(
    entry: object, stated: str, city: City | None, plans: Collection[str], faults: Faults
) -> Prediction:
    fields = Fields(entry, PREDICTIONS_FILE, "", faults)
    fields.where = fields.text("id") or "?"
    building = fields.text("building", None)
    if city is not None and building is not None and building not in city.building_order:
        fields.fault(
            f"building '{building}' is not in buildings.csv. "
            f"{did_you_mean(building, city.building_order)}",
            "building",
        )
    found = Prediction(
        id=fields.where,
        says=fields.words("says"),
        plan=known_plan(fields, "plan", plans),
        quantity=fields.chosen("quantity", quantities_of(building)) or "",
        building=building,
        period=fields.words("period"),
        stated=stated,
        checkable=_day(fields, "checkable"),
        record=fields.words("record"),
    )
    fields.close()
    if stated and found.checkable and day_of(found.checkable) <= day_of(stated):
        fields.fault(
            f"{found.checkable} is not after {stated}, when it was stated: no prediction.",
            "checkable",
        )
    return found


def _day(fields: Fields, key: str) -> str:
    """A date as it is written, or no text where it is none."""
    written: str | None = fields.text(key)
    if not written:
        return ""
    try:
        day_of(written)
    except ValueError as error:
        fields.fault(f"{error}", key)
        return ""
    return written
