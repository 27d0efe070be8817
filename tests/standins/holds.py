"""Messages that a stand-in leaves hanging, so that the program that sends them can be killed meanwhile."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

BEFORE, AFTER, PASS = "before", "after", ""


@dataclass
class Holds:
    """Each message that `meant` names is held when it first comes, before it arrives; when it comes again, after it
    arrived; then it passes. `held` says that one hangs now, `arrived` which ones arrived without an answer."""

    meant: Callable[[str, str], bool] = lambda method, text: False
    came: Counter[tuple[str, str]] = field(default_factory=Counter)
    held: str = ""
    arrived: list[str] = field(default_factory=list)

    def of(self, method: str, text: str) -> str:
        """Where this one hangs, '' for nowhere."""
        if not self.meant(method, text) or self.held:
            return PASS
        self.came[method, text] += 1
        self.held = {1: BEFORE, 2: AFTER}.get(self.came[method, text], PASS)
        if self.held == AFTER:
            self.arrived.append(method)
        return self.held
