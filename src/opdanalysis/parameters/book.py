"""The one book of everything uncertain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from opdanalysis.errors import UsageError, did_you_mean
from opdanalysis.parameters.parameter import Parameter, Role, VectorParameter
from opdanalysis.parameters.sampling import scalar_draws, vector_draws
from opdanalysis.parameters.values import Values

SHARED_ERROR = "shared_judgement_error"
"""The parameter that says how much of a judged error is common to all entries of a column."""


class ParameterBook:
    """Every belief and lever by name, and the numbers drawn from them.

    >>> from opdanalysis import read_everything
    >>> book = read_everything("contoh").book
    >>> book["electricity_intensity"].evidence
    'derived'
    >>> book.sample(draws=5, seed=1)["electricity_intensity"].shape
    (5,)
    """

    def __init__(self, parameters: Iterable[Parameter | VectorParameter]) -> None:
        found: dict[str, Parameter | VectorParameter] = {}
        for parameter in parameters:
            if parameter.name in found:
                raise UsageError(f"parameter '{parameter.name}' is defined twice")
            found[parameter.name] = parameter
        self._parameters = MappingProxyType(found)

    def __getitem__(self, name: str) -> Parameter | VectorParameter:
        if name not in self._parameters:
            raise UsageError(f"'{name}' is not a parameter. {did_you_mean(name, self._parameters)}")
        return self._parameters[name]

    def __contains__(self, name: object) -> bool:
        return name in self._parameters

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    @property
    def scalars(self) -> tuple[Parameter, ...]:
        """The parameters that are one number for all."""
        return tuple(p for p in self._parameters.values() if isinstance(p, Parameter))

    @property
    def vectors(self) -> tuple[VectorParameter, ...]:
        """The parameters with one number per entity."""
        return tuple(p for p in self._parameters.values() if isinstance(p, VectorParameter))

    def names(self, role: Role) -> tuple[str, ...]:
        """The names of the levers, or of the single-number beliefs."""
        return tuple(p.name for p in self.scalars if p.role == role)

    def belief(self, name: str, where: str) -> Parameter:
        """The single-number belief that a scenario may replace. Raises UsageError otherwise."""
        return self._of_role(name, "belief", where, "A plan may set it, a scenario may not.")

    def with_beliefs(self, beliefs: Mapping[str, Parameter], where: str) -> ParameterBook:
        """The book with some beliefs replaced, as a scenario does; levers are refused."""
        for name in beliefs:
            self.belief(name, where)
        return ParameterBook([beliefs.get(name, p) for name, p in self._parameters.items()])

    def with_levers(self, levers: Mapping[str, float], where: str) -> ParameterBook:
        """The book with some levers set, as a plan does; beliefs are refused."""
        held = {
            name: self._of_role(
                name, "lever", where, "A scenario may replace it, a plan may not."
            ).at(value)
            for name, value in levers.items()
        }
        return ParameterBook([held.get(name, p) for name, p in self._parameters.items()])

    def _of_role(self, name: str, role: Role, where: str, otherwise: str) -> Parameter:
        found = self._parameters.get(name)
        if isinstance(found, Parameter) and found.role == role:
            return found
        if found is None:
            raise UsageError(
                f"{where} sets '{name}', which is not a parameter. "
                f"{did_you_mean(name, self.names(role))}"
            )
        if isinstance(found, VectorParameter):
            raise UsageError(
                f"{where} sets '{name}', which is a column of the city. Change it in its table."
            )
        raise UsageError(f"{where} sets '{name}', which is a {found.role}. {otherwise}")

    def central(self) -> Values:
        """The middle value of everything, as floats and `(n_entities,)`."""
        return Values(
            {p.name: p.value for p in self.scalars} | {p.name: p.values for p in self.vectors}
        )

    def sample(self, draws: int, seed: int) -> Values:
        """Draws of everything, `(draws,)` and `(draws, n_entities)`; one seed, one set of draws."""
        return Values(_Draws(self, draws, seed), draws)

    def to_frame(self) -> pd.DataFrame:
        """One row per number: parameter, entity, value, low, high, unit, evidence, sources."""
        rows: list[dict[str, Any]] = []
        for p in self.scalars:
            low, high = p.interval
            rows.append(
                {"topic": p.topic, "parameter": p.name, "entity": ""}
                | {"description": p.description, "value": p.value, "low": low, "high": high}
                | {"unit": p.unit, "role": p.role, "evidence": p.evidence}
                | {"sources": "; ".join(p.sources), "verify": p.verify, "reason": p.reason}
            )
        for v in self.vectors:
            rows += [
                {"topic": v.topic, "parameter": v.name, "entity": entity}
                | {"description": v.description, "value": v.values[place]}
                | {"low": v.lows[place], "high": v.highs[place], "unit": v.unit}
                | {"role": "belief", "evidence": v.evidence[place]}
                | {"sources": "; ".join(v.sources[place]), "verify": False, "reason": ""}
                for place, entity in enumerate(v.entities)
            ]
        return pd.DataFrame(rows)

    def evidence_share(self) -> pd.DataFrame:
        """How many numbers of each topic rest on which evidence: a row a topic, a column a word."""
        frame = self.to_frame()
        beliefs = frame[frame["role"] == "belief"]
        return pd.crosstab(beliefs["topic"], beliefs["evidence"])

    def _repr_html_(self) -> str:
        frame = self.to_frame()
        judged = (frame["evidence"] == "judgement").mean()
        shown = frame.drop(columns=["topic", "role", "verify", "reason"])
        return (
            f"<p>{len(self)} parameters with {len(frame):,} numbers; "
            f"{judged:.0%} of the numbers are judgements.</p>"
            + shown.to_html(index=False, max_rows=40, float_format="{:,.4g}".format)
        )


class _Draws(Mapping[str, "NDArray[np.float64]"]):
    """The draws of a book, each number drawn when it is first asked for and then kept."""

    def __init__(self, book: ParameterBook, draws: int, seed: int) -> None:
        self._book, self._size, self._seed = book, draws, seed
        self._drawn: dict[str, NDArray[np.float64]] = {}

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        if name not in self._drawn:
            self._drawn[name] = self._draw(self._book[name])
            self._drawn[name].setflags(write=False)
        return self._drawn[name]

    def _draw(self, parameter: Parameter | VectorParameter) -> NDArray[np.float64]:
        if isinstance(parameter, Parameter):
            return scalar_draws(parameter, self._size, self._seed)
        shared = self._book[SHARED_ERROR]
        assert isinstance(shared, Parameter)
        return vector_draws(parameter, self._size, self._seed, shared.value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._book)

    def __len__(self) -> int:
        return len(self._book)
