"""The command `plans`: list the plans of a city."""

from __future__ import annotations

import argparse

from opdanalysis.cli.options import form, language


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    plans = commands.add_parser("plans", help="list the plans of a city")
    plans.add_argument("city", help="id or folder of the city")
    language(plans)
    form(plans)
    plans.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from opdanalysis.plans.comparison import plan_summary
    from opdanalysis.reading.everything import read_everything
    from opdanalysis.study.terminal import printed
    from opdanalysis.text.words import Words

    known = read_everything(options.city)
    words = Words(options.lang)
    summary = plan_summary(known.city, list(known.plans.values())).reset_index()
    if options.format == "table":
        summary["plan"] = [words.of(plan.name, plan.id) for plan in known.plans.values()]
        summary["status"] = [words(f"status.{status}") for status in summary["status"]]
        summary.columns = [words(f"cli.columns.{name}") for name in summary.columns]
    print(printed(summary, options.format))
    return 0
