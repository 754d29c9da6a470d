"""Every command and option of the shell, as the parser itself knows them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from textwrap import fill

from markdown_text import code, plain, table

from opdanalysis.cli.program import parser

WIDTH = 72
"""Letters in a line of a call, so that it fits beside the menu."""


def commands() -> str:
    """A section for each command: how it is called, its options, what each means."""
    return "\n\n".join(_section(command) for command in leaves(parser()))


def leaves(top: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """The commands that can be run, those below another included, in the order of the help."""
    below = [action for action in top._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield top
    for action in below:
        for command in action.choices.values():
            yield from leaves(command)


def arguments(command: argparse.ArgumentParser) -> list[argparse.Action]:
    """What a command takes, its help left out."""
    return [a for a in command._actions if not isinstance(a, argparse._HelpAction)]


def _section(command: argparse.ArgumentParser) -> str:
    call = " ".join(command.format_usage().split()).removeprefix("usage: ")
    usage = fill(call, WIDTH, subsequent_indent="    ", break_on_hyphens=False)
    rows = [(_names(argument), _meaning(command, argument)) for argument in arguments(command)]
    title = command.prog.removeprefix("opdanalysis ")
    return f"## {title}\n\n```text\n{usage}\n```\n\n{table(['argument', 'meaning'], rows)}"


def _names(argument: argparse.Action) -> str:
    if not argument.option_strings:
        return code(argument.metavar or argument.dest)
    value = "" if argument.nargs == 0 else f" {_value(argument)}"
    return ", ".join(code(f"{name}{value}") for name in argument.option_strings)


def _value(argument: argparse.Action) -> str:
    if isinstance(argument.metavar, tuple):
        return " ".join(argument.metavar)
    if argument.choices is not None:
        return "|".join(map(str, argument.choices))
    return argument.metavar or argument.dest.upper()


def _meaning(command: argparse.ArgumentParser, argument: argparse.Action) -> str:
    help = plain(command._get_formatter()._expand_help(argument) if argument.help else "")
    return f"{help[:1].upper()}{help[1:]}." if help else ""
