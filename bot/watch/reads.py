"""Arrivals to messages: what each says, and the row that it is to be kept as."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace

from bot.feeds.protocol import Ahead, Arrived, Reading, telling
from bot.watch.message import Ear, Message
from bot.watch.turns import in_turns
from bot.watch.world import World
from storage.raws import arrived

#: A body larger than this is read in a thread: reading must not stop the answers to people.
_THREAD_BYTES = 65_536


async def in_place(arrivals: Sequence[Arrived]) -> AsyncGenerator[tuple[Sequence[Arrived], None], None]:
    """Nothing is read ahead."""
    yield arrivals, None


async def messages_of(
    arrivals: Sequence[Arrived], ears: Mapping[str, Ear], world: World, ahead: Ahead
) -> AsyncGenerator[list[Message], None]:
    """Arrivals in order, read, a pile in pieces; gives way to people again and again."""
    async with aclosing(ahead(arrivals)) as pieces:
        async for piece, readings in pieces:
            known: Sequence[Reading | None] = readings or [None] * len(piece)
            yield [
                _message(ears[one.feed], one, reading or await _read(ears[one.feed], one))
                async for one, reading in in_turns(zip(piece, known, strict=True), world)
            ]


async def _read(ear: Ear, arrival: Arrived) -> Reading:
    if arrival.problem is not None:
        return Reading(problems=(arrival.problem,), ref=arrival.name)  # its body is empty, and so no identity
    if len(arrival.body) > _THREAD_BYTES:
        return await asyncio.to_thread(ear.source.read, arrival.body, ear.reader, arrival.received)
    return ear.source.read(arrival.body, ear.reader, arrival.received)


def _message(ear: Ear, arrival: Arrived, reading: Reading) -> Message:
    ref = f"{reading.ref}#{arrival.part}" if arrival.part and reading.ref else reading.ref
    raw = arrived(ear.name, ear.source.name, arrival.body, arrival.received, ref=ref, reader=ear.source.version)
    if arrival.observation:
        raw = replace(raw, sha=reading.telling or telling(reading))
    return Message(ear, reading, raw, observation=arrival.observation, held=arrival.held)
