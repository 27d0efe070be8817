"""Words for wait times: the queue at a crossing with its age and source, and a quicker bridge."""

from datetime import timedelta

from bot.domain.load import Direction
from bot.domain.times import age
from bot.domain.waits import Bridge, Flow, Lane, Trouble, Wait
from handlers.announce.scene import NUMBER, Scene, Times, cut
from handlers.reply import Part, say
from handlers.words import _, mark

_FLOWS = {
    Flow.CLOSED: mark("closed"),
    Flow.NONE: mark("no lane for trucks"),
    Flow.UNKNOWN: mark("not known"),
}
_INTO = {Direction.CA: mark("into Canada"), Direction.US: mark("into the US")}


def length(wait: Wait) -> str:
    """`35 min`, `no delay`, `closed`, or the source's own words where they can't be read."""
    if wait.flow is Flow.MOVING:
        return age(timedelta(minutes=wait.minutes)) if wait.minutes else _("no delay")
    if wait.raw:
        return _("a word we cannot read: “{word}”").format(word=cut(wait.raw, 40))
    return _(_FLOWS[wait.flow])


def told(wait: Wait, times: Times) -> str:
    """`35 min by CBSA 09:50 (12 min ago)`; the FAST lane says so."""
    form = _("FAST lane {length} by {source} {time}") if wait.lane is Lane.FAST else _("{length} by {source} {time}")
    when = times.aged(wait.at) if wait.at else _("at a time not told")
    return form.format(length=length(wait), source=wait.source, time=when)


def into(direction: Direction) -> str:
    return _(_INTO[direction])


def silent(trouble: Trouble, times: Times) -> str:
    """A source that does not answer."""
    form = _("No wait times from {source} since {time}: {why}.")
    return form.format(source=trouble.source, time=times.aged(trouble.since), why=cut(trouble.why, 80))


def short(scene: Scene) -> str:
    """`wait 35 min`; '' where nothing fresh is known."""
    queue = scene.brief.queue
    return _("wait {length}").format(length=length(queue.wait)) if queue else ""


def there(scene: Scene) -> str:
    """The wait where this load crosses; '' where nothing fresh is known."""
    queue = scene.brief.queue
    return told(queue.wait, scene) if queue else ""


def quicker(scene: Scene) -> list[Part]:
    """The bridge that saves this load time, and what changing to it needs."""
    bridge = scene.brief.queue.better if scene.brief.queue else None
    if bridge is None:
        return []
    direction = Direction(scene.brief.direction)
    typed = f"/load {scene.key} port {bridge.crossing}"
    return [say(faster(bridge, scene)), say(needs(bridge, direction).format(codes=", ".join(bridge.codes), line=typed))]


def faster(bridge: Bridge, times: Times) -> str:
    """`The next bridge is 40 min faster: …`: the difference of the two waits, never of the ways."""
    names = {"name": cut(bridge.crossing, NUMBER), "wait": told(bridge.wait, times)}
    if bridge.gain is None:
        return _("It is closed here; the next bridge runs: {name}, {wait}, the way there not counted.").format(**names)
    form = _("The next bridge is {gain} faster: {name}, {wait}, the way there not counted.")
    return form.format(gain=age(timedelta(minutes=bridge.gain)), **names)


def needs(bridge: Bridge, direction: Direction) -> str:
    """What changing to that bridge needs; `codes` and `line` are still to be put in."""
    if direction is Direction.CA:
        return _(
            "Changing needs, before the truck turns: amend the manifest to office {codes}, have the broker move the "
            "release there, then type: {line}"
        )
    if bridge.same_port:
        return _("The US port stays {codes}; tell the broker before the truck turns, then type: {line}")
    return _(
        "Changing needs, before the truck turns: amend the manifest to port {codes}, have the broker change the entry, "
        "then type: {line}"
    )
