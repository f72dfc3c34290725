"""Random bytes: none twice, whoever asks."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122

from meibo.randomness import AT_ONCE, Randomness, new_id


def test_every_draw_is_whole_and_new() -> None:
    drawn = [Randomness()(12)] + [random(12) for random in [Randomness()] for _ in range(2 * AT_ONCE // 12)]
    assert {len(each) for each in drawn} == {12}
    assert len(set(drawn)) == len(drawn)


def test_threads_share_no_byte() -> None:
    random = Randomness()
    with ThreadPoolExecutor(4) as pool:
        drawn = [
            each for many in pool.map(lambda _: [random(16) for _ in range(1_000)], range(4)) for each in many
        ]
    assert len(set(drawn)) == 4_000


def test_a_forked_process_asks_anew() -> None:
    random = Randomness()
    random(1)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, random(16))
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reading, 16)
    os.close(reading)
    os.close(writing)
    assert len(theirs) == 16
    assert theirs != random(16)


def test_an_id_begins_with_its_millisecond_and_is_new() -> None:
    before = time.time_ns() // 1_000_000
    drawn = [new_id() for _ in range(10_000)]
    after = time.time_ns() // 1_000_000
    assert {(id.version, id.variant) for id in drawn} == {(7, RFC_4122)}
    assert before <= min(drawn).int >> 80 <= max(drawn).int >> 80 <= after
    assert len({id.int & (1 << 62) - 1 for id in drawn}) == len(drawn)
