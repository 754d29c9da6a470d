"""The command `compare`: compare plans with today."""

from __future__ import annotations

import argparse

from opdanalysis.cli.options import form, language


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    compare = commands.add_parser("compare", help="compare plans with today")
    compare.add_argument("city", help="id or folder of the city")
    compare.add_argument("plans", nargs="*", metavar="PLAN", help="plans (all of the city)")
    compare.add_argument("--scenario", default="as-budgeted", help="scenario (as-budgeted)")
    compare.add_argument("--draws", type=int, default=1000, help="how many draws (1000)")
    compare.add_argument("--seed", type=int, default=0, help="seed of the draws (0)")
    language(compare)
    form(compare)
    compare.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from opdanalysis.experiment.run import run_experiment
    from opdanalysis.reading.everything import read_everything
    from opdanalysis.reading.parameters import chosen_scenario
    from opdanalysis.reading.plans import chosen_plans
    from opdanalysis.study.terminal import comparison, printed
    from opdanalysis.study.waiting import waiting
    from opdanalysis.text.words import Words

    known = read_everything(options.city)
    plans = chosen_plans(known.plans, options.plans or known.plans)
    scenario = chosen_scenario(known.scenarios, options.scenario)
    beliefs = {scenario.id: scenario.beliefs}
    words = Words(options.lang)
    draws = options.draws
    sentence = words("wait.compare", plans=len(plans) - 1, draws=words.number(draws))
    with waiting(sentence, words, f"compare {known.city.id}", len(plans) * draws):
        result = run_experiment(known.city, plans, known.book, beliefs, draws, options.seed)
    if options.format != "table":
        print(printed(result.quantiles(gains=True), options.format))
        return 0
    print(printed(comparison(result, words), "table"))
    print(
        words(
            "cli.note",
            draws=words.number(result.draws),
            scenario=words.of(scenario.name, scenario.id),
        )
    )
    return 0
