"""A typed line in, its answer out: who may, whose carrier, which command, once."""

from handlers.entry.entry import Entry
from handlers.entry.first import first_code

__all__ = ["Entry", "first_code"]
