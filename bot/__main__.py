"""What the command `holdwatch` and `python -m bot` start: loads the program without pauses, then hands it the line."""

import gc


def main() -> None:
    """Runs a subcommand of `bot.cli`.

    The collector is off while modules load. They are there to stay, and a look through all of them for every few
    hundred new classes and functions took a third of the time until a command did anything.
    """
    gc.disable()
    from bot.cli import main as told

    gc.freeze()
    gc.enable()
    told()


if __name__ == "__main__":
    main()
