from __future__ import annotations

import asyncio
import threading

from evalkit.forms.what_if.after_rest import AfterRest


def test_only_the_last_of_quick_questions_is_computed() -> None:
    computed: list[int] = []
    delivered: list[tuple[int, int]] = []

    async def ask_quickly() -> None:
        done = asyncio.Event()

        def compute(number: int) -> int:
            computed.append(number)
            return number * number

        def deliver(number: int, result: int) -> None:
            delivered.append((number, result))
            done.set()

        slow = AfterRest(compute, deliver, rest_seconds=0)
        for number in (1, 2, 3):
            assert slow.ask(number)
        await asyncio.wait_for(done.wait(), 60)

    asyncio.run(ask_quickly())
    assert computed == [3]
    assert delivered == [(3, 9)]


def test_what_was_overtaken_while_it_was_computed_is_not_delivered() -> None:
    delivered: list[str] = []

    async def overtake() -> None:
        started, go_on = threading.Event(), threading.Event()
        done = asyncio.Event()

        def compute(word: str) -> str:
            if word == "old":
                started.set()
                assert go_on.wait(60)
            return word

        def deliver(word: str, _: str) -> None:
            delivered.append(word)
            done.set()

        slow = AfterRest(compute, deliver, rest_seconds=0)
        slow.ask("old")
        assert await asyncio.to_thread(started.wait, 60)
        slow.ask("new")
        go_on.set()
        await asyncio.wait_for(done.wait(), 60)

    asyncio.run(overtake())
    assert delivered == ["new"]


def test_without_an_event_loop_nothing_is_computed() -> None:
    slow: AfterRest[int, int] = AfterRest(lambda number: number, lambda *_: None)
    assert not slow.ask(1)
