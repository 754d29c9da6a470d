"""The ties of a city that has no table of them, from kinds, fields, parents and kecamatan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from opdanalysis.reading.fallback_rules import NATIONAL, ColumnRules, TieRules
from opdanalysis.reading.workbook import number_text

Agency = Mapping[str, str]


def tie_rows(
    agencies: Sequence[Agency], contacts: ColumnRules, rules: TieRules
) -> list[dict[str, str]]:
    """Rows for ties.csv, each pair in both directions; numbers are judgements.

    An agency writes to those that oversee it in the measure of the root of its staff; two of one
    policy field, a unit and its parent, and a kecamatan office and its units at a fixed rate.
    """
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for one, other, layer, nature, scale in _pairs(agencies, rules):
        amount = contacts.rules[layer].amount()
        low, value, high = (number_text(float(f"{scale * end:.4g}")) for end in amount)
        found.setdefault(
            (one["id"], other["id"], layer),
            {
                "from_agency": one["id"],
                "to_agency": other["id"],
                "layer": layer,
                "nature": nature,
                "contacts_per_year": value,
                "contacts_per_year_low": low,
                "contacts_per_year_high": high,
                "contacts_per_year_evidence": "judgement",
                "contacts_per_year_source": NATIONAL,
                "note": "",
            },
        )
    return list(found.values())


def _pairs(
    agencies: Sequence[Agency], rules: TieRules
) -> Iterator[tuple[Agency, Agency, str, str, float]]:
    """Two agencies, their layer, its nature, and the factor on the contacts of that layer."""
    for one, other in permutations(agencies, 2):
        for below, above in ((one, other), (other, one)):
            if above["kind"] in rules.overseers and below["kind"] in rules.overseen:
                root = math.sqrt(max(float(below["staff"] or 0), 1.0) / rules.at_staff)
                yield one, other, "oversight", "duty", root
        if one["parent"] == other["id"] or other["parent"] == one["id"]:
            yield one, other, "field", "duty", 1.0
        elif set(_listed(one["fields"])) & set(_listed(other["fields"])):
            yield one, other, "field", "informal", 1.0
        kinds = {one["kind"], other["kind"]}
        if (
            one["kecamatan"]
            and one["kecamatan"] == other["kecamatan"]
            and kinds == {"kecamatan", "uptd"}
        ):
            yield one, other, "territory", "duty", 1.0


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
