"""Does moving a city's agencies into shared buildings save money, time and trouble?

The names here are the front door for notebooks and visitors. Each is imported when it is first
used, so that importing the package is quick.

>>> import opdanalysis as opd
>>> s = opd.open_study("contoh", draws=100, lang="en")
>>> s.result.gain("net_cost", "merge-in-mawar").shape
(100,)
"""

from importlib import import_module
from typing import Any

_ROOMS = {
    "City": "opdanalysis.city.city",
    "ParameterBook": "opdanalysis.parameters.book",
    "Placement": "opdanalysis.city.placement",
    "Plan": "opdanalysis.plans.plan",
    "Result": "opdanalysis.experiment.result",
    "figures": "opdanalysis.figures",
    "open_study": "opdanalysis.study.open_study",
    "read_everything": "opdanalysis.reading.everything",
    "run_experiment": "opdanalysis.experiment.run",
    "tables": "opdanalysis.tables",
}

__all__ = sorted(_ROOMS)


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'opdanalysis' has no attribute '{name}'")
    room = import_module(_ROOMS[name])
    return room if name in ("figures", "tables") else getattr(room, name)


def __dir__() -> list[str]:
    return __all__
