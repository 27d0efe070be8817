"""Frozen records that are made as quickly as others: a message makes some dozens of them."""

from dataclasses import MISSING, Field, field, fields, make_dataclass
from typing import Any, TypeVar

T = TypeVar("T")

_INIT = """
def __init__(self{given}):
    become(self, "__class__", open_)
{sets}
    self.__class__ = cls
"""


def quick(cls: type[T]) -> type[T]:
    """Gives a frozen dataclass with slots an `__init__` that takes a fifth of the time, and changes nothing else.

    The one that dataclasses write goes through `object.__setattr__` for every field. This one has the fields set by
    plain assignment while the new object is still of an open class with the same slots. None for a field whose default
    is made counts as not given.
    """
    parts = fields(cls)  # type: ignore[arg-type]
    open_ = make_dataclass(cls.__name__, [(f.name, f.type, field(default=None)) for f in parts], slots=True)
    known: dict[str, Any] = {"cls": cls, "open_": open_, "become": object.__setattr__}
    known |= {f"made_{f.name}": f.default_factory for f in parts} | {f"default_{f.name}": f.default for f in parts}
    given = "".join(f", {f.name}{_default(f)}" for f in parts)
    exec(_INIT.format(given=given, sets="\n".join(map(_set, parts))), known)
    known["__init__"].__wrapped__ = cls.__init__  # its signature, for who asks
    cls.__init__ = known["__init__"]  # type: ignore[method-assign]
    return cls


def _default(of: Field[Any]) -> str:
    if of.default is not MISSING:
        return f"=default_{of.name}"
    return "=None" if of.default_factory is not MISSING else ""


def _set(of: Field[Any]) -> str:
    made = f"made_{of.name}() if {of.name} is None else " if of.default_factory is not MISSING else ""
    return f"    self.{of.name} = {made}{of.name}"
