"""From a city's own records to files: what the command `estimate` reads and writes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from opdanalysis.city.city import City
from opdanalysis.errors import OutputsError, UsageError
from opdanalysis.evidence.bills import BuildingCosts
from opdanalysis.evidence.bulk_stamps import bulk_summary
from opdanalysis.evidence.letter_times import LogNormalTimes
from opdanalysis.evidence.letters import LetterLog, Places
from opdanalysis.evidence.panel_design import Design
from opdanalysis.evidence.records_to_beliefs import (
    INVENTED_RECORDS,
    OWN_RECORDS,
    Found,
    beliefs_from_bills,
    beliefs_from_letters,
    letter_ratios,
)
from opdanalysis.evidence.response_times import ResponseTimes, response_times, stage_times
from opdanalysis.evidence.satisfaction import SatisfactionIndex
from opdanalysis.parameters.parameter import Parameter
from opdanalysis.reading.everything import read_everything
from opdanalysis.reading.records_bills import read_bills
from opdanalysis.reading.records_calendar import read_calendar
from opdanalysis.reading.records_letters import read_letters
from opdanalysis.reading.records_panel import read_panel
from opdanalysis.reading.records_places import MOVES_FILE, read_places
from opdanalysis.reading.records_survey import read_survey
from opdanalysis.study.evaluation import PACKING, Evaluation
from opdanalysis.study.records import (
    BOOTSTRAP_DRAWS,
    TIME_EFFECTS,
    as_of_bills,
    as_of_letters,
)
from opdanalysis.text.words import Words

DIGITS = "%.6g"


@dataclass(frozen=True)
class Estimated:
    """What an estimate wrote: files, what it says of each belief, and what it could not say.

    `evaluation` is there for a panel, of which the effect is said instead of beliefs.
    """

    files: tuple[Path, ...]
    beliefs: dict[str, Parameter]
    left: dict[str, str]
    rows: int
    invented: bool
    evaluation: Evaluation | None = None


def estimate_letters(record: Path, city: str, out: Path, columns: Path | None = None) -> Estimated:
    """Read a log of letters and write parameters, ties, response times and what they rest on.

    Beside `out` (YAML, as `parameters.yaml` of a city) stand `<out>_ties.csv` in the columns of
    ties.csv, `<out>_effects.csv`, `<out>_stages.csv` and `<out>_bulk.csv`. Moves are read from
    `moves.csv` beside the record.
    """
    _check_out(out, ".yaml")
    known = read_everything(city)
    calendar = read_calendar(record.parent)
    read = read_letters(record, known.city, calendar, columns)
    places = read_places(record.parent / MOVES_FILE, known.city)
    log = read.log
    times = response_times(log, calendar, places)
    found = beliefs_from_letters(times, calendar, known.city, known.book, as_of_letters(log))
    tables = {
        "ties": ties_table(log, known.city),
        "effects": effects_table(times, places, known.city),
        "stages": stage_times(log, calendar, places),
        "bulk": bulk_summary(log, times.bulk),
    }
    return _write(out, found, tables, len(log), log.synthetic)


def estimate_bills(record: Path, city: str, out: Path, columns: Path | None = None) -> Estimated:
    """Read bills and write parameters, the cost function and the outliers beside them."""
    _check_out(out, ".yaml")
    known = read_everything(city)
    bills = read_bills(record, known.city, columns)
    found = beliefs_from_bills(bills, known.book, as_of_bills(bills))
    tidy, strange = [], []
    for line in (None, *bills.lines):
        name = line or "all"
        try:
            fit = BuildingCosts(bills, line, "rupiah", ("floor_area_m2", "staff"), "ols").fit()
        except UsageError as reason:
            found.left[f"cost of {name}"] = str(reason)  # type: ignore[index]
            continue
        tidy.append(fit.tidy().assign(line=name))
        strange.append(fit.outliers().assign(line=name))
    tables = {}
    if tidy:
        tables = {"costs": pd.concat(tidy), "outliers": pd.concat(strange)}
    return _write(out, found, tables, len(bills.table), bills.synthetic)


def estimate_survey(record: Path, out: Path, seed: int, columns: Path | None = None) -> Estimated:
    """Read a survey and write index, grade, limits and weak items of each wave as CSV.

    The book has no belief about satisfaction, so there are no parameters to write.
    """
    _check_out(out, ".csv")
    surveys = read_survey(record, columns)
    fits = {
        wave: SatisfactionIndex(survey, BOOTSTRAP_DRAWS, seed).fit()
        for wave, survey in surveys.items()
    }
    rows = []
    for wave, fit in fits.items():
        weak = set(fit.weak_items()["item"])
        rows.append(fit.tidy().assign(wave=wave, weak=[t in weak for t in fit.tidy()["term"]]))
    files = [_keep(out, pd.concat(rows))]
    if {"before", "after"} <= set(fits):
        change = fits["after"].compared_with(fits["before"])
        files.append(_keep(out.with_name(f"{out.stem}_change.csv"), change))
    synthetic = any(survey.synthetic for survey in surveys.values())
    return Estimated(tuple(files), {}, {}, sum(map(len, surveys.values())), synthetic)


def estimate_panel(
    record: Path, city: str, out: Path, seed: int, columns: Path | None = None
) -> Estimated:
    """Read a panel and write the effect of the move as CSV, and beside it what it rests on.

    Beside `out` stand `<out>_movers.csv`, `<out>_power.csv`, `<out>_path.csv`,
    `<out>_robustness.csv` and `<out>_drift.csv`; what cannot be computed is said instead. The book
    has no belief about an outcome before and after a move, so there are no parameters to write.
    """
    _check_out(out, ".csv")
    panel = read_panel(record, read_everything(city).city, columns)
    packing = PACKING if panel.periods.freqstr == "M" else 0
    found = Evaluation(panel, Design(anticipation=packing), seed, None)
    tables: dict[str, pd.DataFrame] = {"movers": found.movers, "path": found.event_study.table}
    left: dict[str, str] = {}
    for name, table in (
        ("power", found.power),
        ("robustness", found.robustness),
        ("drift", found.drift if isinstance(found.drift, str) else found.drift.table),
    ):
        if isinstance(table, str):
            left[name] = table
        else:
            tables[name] = table
    test = found.randomisation
    effect = found.fit.tidy()
    if isinstance(test, str):
        left["randomisation"] = test
    else:
        effect = effect.assign(
            p_randomisation=test.pvalue, lower_randomisation=test.lower,
            upper_randomisation=test.upper,
        )  # fmt: skip
    files = [_keep(out, effect)]
    files += [_keep(out.with_name(f"{out.stem}_{name}.csv"), tables[name]) for name in tables]
    return Estimated(tuple(files), {}, left, found.fit.nobs, panel.synthetic, found)


def said_of(done: Estimated, words: Words) -> str:
    """What an estimate did, in the language of the reader."""
    lines = [words("records.cli.read", rows=words.number(done.rows))]
    if done.invented:
        lines.append(words("records.cli.invented"))
    if done.evaluation is not None:
        lines.append(repr(done.evaluation.say_estimate(words)))
    for name, belief in done.beliefs.items():
        low, high = belief.interval
        numbers = [f"{number:.4g}" for number in (low, belief.value, high)]
        label = words(f"parameter.{name}")
        key = "records.cli.belief"
        lines.append(
            words(
                key,
                label=label,
                low=numbers[0],
                value=numbers[1],
                high=numbers[2],
                unit=belief.unit,
            )
        )
    lines += [words("records.cli.left", name=name, why=why) for name, why in done.left.items()]
    lines.append(words("records.cli.files", files=", ".join(str(path) for path in done.files)))
    if done.beliefs:
        lines.append(words("records.cli.next"))
    return "\n".join(lines)


def ties_table(log: LetterLog, city: City) -> pd.DataFrame:
    """The letters as rows of ties.csv; a pair without a tie by duty is informal."""
    ties = log.ties()
    duty = {(tie.from_agency, tie.to_agency) for tie in city.ties if tie.nature == "duty"}
    pairs = zip(ties["from_agency"], ties["to_agency"], strict=True)
    return pd.DataFrame(
        {
            "from_agency": ties["from_agency"],
            "to_agency": ties["to_agency"],
            "layer": ties["layer"],
            "nature": ["duty" if pair in duty else "informal" for pair in pairs],
            "contacts_per_year": _two_decimals(ties["contacts_per_year"]),
            "contacts_per_year_low": _two_decimals(ties["low"]),
            "contacts_per_year_high": _two_decimals(ties["high"]),
            "contacts_per_year_evidence": "measured",
            "contacts_per_year_source": INVENTED_RECORDS if log.synthetic else OWN_RECORDS,
            "note": [f"{count} letters" for count in ties["letters"]],
        }
    )


def _two_decimals(numbers: pd.Series) -> pd.Series:
    """Above zero, and never with three decimals, which would look like thousands."""
    return numbers.round(2).clip(lower=0.01)


def effects_table(times: ResponseTimes, places: Places, city: City) -> pd.DataFrame:
    """Every ratio that the letters give for agencies in one building, with its limits."""
    rows = []
    for what, effects in TIME_EFFECTS.items():
        try:
            rows.append(LogNormalTimes(times, effects).fit().tidy().assign(what=what))
        except UsageError as reason:
            rows.append(pd.DataFrame([{"what": what, "note": str(reason)}]))
    for name, ratio in letter_ratios(times.log, places, city).items():
        if isinstance(ratio, str):
            rows.append(pd.DataFrame([{"what": name, "note": ratio}]))
        else:
            rows.append(ratio.tidy().assign(what=name))
    return pd.concat(rows, ignore_index=True)


def parameters_text(found: Found) -> str:
    """The beliefs as a YAML file in the form of data/parameters."""
    entries: dict[str, Any] = {}
    for name, belief in found.beliefs.items():
        law = belief.distribution
        numbers = {field: _short(getattr(law, field)) for field in law.FIELDS[law.kind]}
        entry: dict[str, Any] = {
            "description": belief.description,
            "value": _short(belief.value),
            "unit": belief.unit,
            "distribution": {"kind": law.kind, **numbers},
            "evidence": belief.evidence,
            "source": belief.sources[0],
            "reason": belief.reason,
            "as_of": belief.as_of,
        }
        if belief.price_year is not None:
            entry["price_year"] = belief.price_year
        entries[name] = entry
    head = "# Estimated from records by `opdanalysis estimate`.\n"
    if any(belief.sources == (INVENTED_RECORDS,) for belief in found.beliefs.values()):
        head += "# The records are invented: these numbers say nothing of any city.\n"
    if not entries:
        return head + "{}\n"
    return head + yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=100)


def _short(number: float) -> float:
    return float(f"{number:.6g}")


def _check_out(out: Path, ending: str) -> None:
    if out.suffix != ending:
        raise UsageError(f"--out {out}: the name should end in {ending}.")


def _write(
    out: Path, found: Found, tables: dict[str, pd.DataFrame], rows: int, invented: bool
) -> Estimated:
    files = [_put(out, parameters_text(found))]
    for name, table in tables.items():
        files.append(_keep(out.with_name(f"{out.stem}_{name}.csv"), table))
    return Estimated(tuple(files), dict(found.beliefs), dict(found.left), rows, invented)


def _keep(path: Path, table: pd.DataFrame) -> Path:
    return _put(path, table.to_csv(index=False, float_format=DIGITS, lineterminator="\n"))


def _put(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as reason:
        raise OutputsError(f"{path} cannot be written: {reason.strerror}.") from reason
    return path
