"""Work of the extension in event loops: started here, and told of here when it is done."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any
from weakref import WeakKeyDictionary

from llm_sandbox import _native


class _Mailbox:
    """What one loop waits for. It is watched only while there is something."""

    def __init__(self) -> None:
        self._native = _native.Mailbox()
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._numbers = itertools.count()

    async def awaited(self, loop: asyncio.AbstractEventLoop, pending: _native.Pending[Any]) -> Any:
        number, future = next(self._numbers), loop.create_future()
        if not self._waiting:
            loop.add_reader(self._native.fileno(), self._take)
        self._waiting[number] = future
        try:
            started = self._native.start(pending, number)
            try:
                return await future
            finally:
                # Nothing happens where it is done and was taken.
                started.abandon()
        finally:
            del self._waiting[number]
            if not self._waiting:
                loop.remove_reader(self._native.fileno())

    def _take(self) -> None:
        for number, value, error in self._native.take():
            future = self._waiting.get(number)
            if future is None or future.done():
                continue
            if error is None:
                future.set_result(value)
            else:
                future.set_exception(error)


_mailboxes: WeakKeyDictionary[asyncio.AbstractEventLoop, _Mailbox] = WeakKeyDictionary()


async def awaited(pending: _native.Pending[Any]) -> Any:
    """What becomes of it. Cancelling undoes it."""
    loop = asyncio.get_running_loop()
    mailbox = _mailboxes.get(loop)
    if mailbox is None:
        mailbox = _mailboxes[loop] = _Mailbox()
    return await mailbox.awaited(loop, pending)
