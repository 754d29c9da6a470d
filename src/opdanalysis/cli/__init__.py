"""The commands for the shell."""

from opdanalysis.cli.program import main

__all__ = ["main"]
