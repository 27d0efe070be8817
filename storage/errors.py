"""What storage raises: each says what happened and whether anything was lost."""


class StorageError(Exception):
    """Something about the database that a person can act on."""


class NotFound(StorageError):  # noqa: N818
    """There is no such row for this carrier."""


class Stale(StorageError):  # noqa: N818
    """Another change came first; nothing was written, read again and repeat."""


class Again(StorageError):  # noqa: N818
    """The database was busy or two units blocked each other; nothing was written, repeat the unit."""


class AlreadyRunning(StorageError):  # noqa: N818
    """Another `holdwatch run` uses this database."""
