"""The command `holdwatch`: one file a subcommand."""

import logging
import sys
import zoneinfo
from io import TextIOWrapper

import typer

from bot.cli.ask import ask as ask_
from bot.cli.backtest import backtest as backtest_
from bot.cli.backup import backup as backup_
from bot.cli.book import evidence, parties
from bot.cli.common import said
from bot.cli.console import console as console_
from bot.cli.doctor import doctor as doctor_
from bot.cli.import_ import import_ as import__
from bot.cli.manifest import manifest as manifest_
from bot.cli.migrate import migrate as migrate_
from bot.cli.read import read as read_
from bot.cli.replay import replay as replay_
from bot.cli.run import run as run_

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Tells dispatch and drivers that a load will be held at the border, before the truck gets there.",
)
cli.command("run")(run_)
cli.command("ask")(ask_)
cli.command("console")(console_)
cli.command("import")(import__)
cli.add_typer(parties, name="parties")
cli.add_typer(evidence, name="evidence")
cli.command("read")(read_)
cli.command("replay")(replay_)
cli.command("backtest")(backtest_)
cli.command("doctor")(doctor_)
cli.command("manifest")(manifest_)
cli.command("migrate")(migrate_)
cli.command("backup")(backup_)


def main() -> None:
    """Runs a subcommand; what goes wrong is said in a sentence, never as a stack trace."""
    # Zones come from the locked tzdata, everywhere the same: a system's own may be years old, or missing.
    zoneinfo.reset_tzpath(to=())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal or pipe that knows fewer characters gets a question mark for the rest.
            stream.reconfigure(errors="replace")
    # A command's own words say what became of it; `run` sets its log up by itself.
    logging.basicConfig(level=logging.ERROR)
    with said():
        cli()
