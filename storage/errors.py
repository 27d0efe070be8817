"""What storage raises: each says what happened and whether anything was lost."""

from sqlalchemy.exc import InterfaceError, OperationalError


class StorageError(Exception):
    """Something about the database that a person can act on."""


class NotFound(StorageError):
    """There is no such row for this carrier."""


class Stale(StorageError):
    """Another change came first; nothing was written, read again and repeat."""


class Again(StorageError):
    """The database was busy or two units blocked each other; nothing was written, repeat the unit."""


class Away(Again):
    """The database, or the way to it, went away; repeat the unit, which must not mind if it was just written."""


class Clash(Again):
    """Another unit wrote the same at the same moment; nothing was written, repeat the unit: it sees what is there."""


class AlreadyRunning(StorageError):
    """Another `holdwatch run` uses this database."""


#: What a unit raises while the database is away: wait, nothing was written, try again.
GONE: tuple[type[Exception], ...] = (Again, OperationalError, InterfaceError, OSError)
