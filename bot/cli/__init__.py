"""The command `holdwatch`: one file a subcommand."""

import typer

from bot.cli import ask, backup, console, doctor, import_, manifest, migrate, read, replay, run
from bot.cli.common import said

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Tells dispatch and drivers that a load will be held at the border, before the truck gets there.",
)
cli.command("run")(run.run)
cli.command("ask")(ask.ask)
cli.command("console")(console.console)
cli.command("import")(import_.import_)
cli.command("read")(read.read)
cli.command("replay")(replay.replay)
cli.command("doctor")(doctor.doctor)
cli.command("manifest")(manifest.manifest)
cli.command("migrate")(migrate.migrate)
cli.command("backup")(backup.backup)


def main() -> None:
    """Runs a subcommand; what goes wrong is said in a sentence, never as a stack trace."""
    with said():
        cli()
