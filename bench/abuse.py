"""One caller who sends ever new documents beside sixteen who ask one prepared query. See `bench/README.md`."""

from __future__ import annotations

import argparse
import asyncio
import http.client
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.memory import pss
from bench.server import QUERY, START_SECONDS, VARIABLES, Filled, filled, machine, served
from meibo.access.permissions import Role
from meibo.access.tokens import ALL, Account
from meibo.host import load_host
from meibo.installation import open_installation
from meibo.settings import load_settings

CALLERS = 16
TEXTS_A_SECOND = 200
CONNECTIONS = 10
"""Of the abuser, who does not wait for one answer before the next text."""
MOST_LOST = 0.5
"""Of the callers' requests a second."""
MOST_GROWN = 1.1
"""Memory after all texts, to memory after a fifth of them."""
SAMPLES = 10
NUMBERS = count()
"""No text is sent twice."""


@dataclass
class Load:
    """What one thread sent, and what came back; latencies in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    def add(self, status: int, took: float) -> None:
        """Count an answer."""
        self.statuses[status] += 1
        self.latencies.append(took)


def main() -> int:
    """Print the figures; 0 where all are within the limits."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=20, help="of each phase; 20")
    asked.add_argument("--texts", type=int, default=100_000, help="while memory is watched; 100,000")
    told = asked.parse_args()
    with filled() as installation:
        abuser = asyncio.run(token_of_another(installation))
        fair = beside(installation, abuser, told.seconds)
        flat = remembered(installation, abuser, told.texts)
    print(machine())
    return int(not (fair and flat))


async def token_of_another(installation: Filled) -> str:
    """A token of an account of the abuser's own."""
    settings, host = replace(load_settings(), data=installation.folder), load_host()
    async with open_installation(settings, host) as opened:
        account = Account(
            id="abuser", name_ja="濫用者", name_en="Abuser", institution="bench", role=Role.VIEWER,
            professions=(ALL,),
        )  # fmt: skip
        await opened.tokens.add_account(account)
        return await opened.tokens.issue("abuser", "bench")


def beside(installation: Filled, abuser: str, seconds: float) -> bool:
    """Whether the callers keep half of what they have alone, and the excess gets 4xx."""
    with served(installation) as (_, address):
        callers = [lambda: asking(address, installation.token)] * CALLERS
        during(1, callers)  # So that the query is prepared.
        alone = during(seconds, callers)
        abusers = [lambda: new_texts(address, abuser, TEXTS_A_SECOND / CONNECTIONS)] * CONNECTIONS
        both = during(seconds, callers + abusers)
    kept, sent = merged(both[:CALLERS]), merged(both[CALLERS:])
    before, after = rate(merged(alone), seconds), rate(kept, seconds)
    refused = sum(n for status, n in sent.statuses.items() if 400 <= status < 500)
    print(f"alone:  {before:6.0f} requests/s, p99 {p99(merged(alone)):5.1f} ms; {CALLERS} callers")
    print(f"beside: {after:6.0f} requests/s, p99 {p99(kept):5.1f} ms; limit {before * MOST_LOST:.0f}")
    print(
        f"abuser: {rate(sent, seconds):.0f} of {TEXTS_A_SECOND} new texts/s, {dict(sorted(sent.statuses.items()))}"
    )
    only = set(sent.statuses) <= {200, 429}
    return after >= before * MOST_LOST and refused > 0 and only and set(kept.statuses) == {200}


def remembered(installation: Filled, abuser: str, texts: int) -> bool:
    """Whether memory stays where it was, although no limit keeps any of the texts from being prepared."""
    unlimited = {"MEIBO_DOCUMENTS_PER_SECOND": "1000000000"}
    with served(installation, unlimited) as (process, address):
        sizes, sending = [pss(process.pid)], new_texts(address, abuser)
        for _ in range(SAMPLES):
            statuses = Counter(next(sending) for _ in range(texts // SAMPLES))
            assert set(statuses) == {200}, statuses
            sizes.append(pss(process.pid))
    told = " ".join(f"{size:.0f}" for size in sizes)
    print(f"memory: {told} MiB over {texts:,} prepared texts; limit {sizes[2] * MOST_GROWN:.0f} MiB")
    return sizes[-1] <= sizes[2] * MOST_GROWN


def during(seconds: float, makers: list[Callable[[], Iterator[int]]]) -> list[Load]:
    """Let each send, one request after the other, for so long."""
    loads = [Load() for _ in makers]
    until = time.monotonic() + seconds

    def run(made: Callable[[], Iterator[int]], load: Load) -> None:
        sending = made()
        while (start := time.monotonic()) < until:
            load.add(next(sending), time.monotonic() - start)

    threads = [threading.Thread(target=run, args=each) for each in zip(makers, loads, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return loads


def asking(address: str, token: str) -> Iterator[int]:
    """Ask the prepared query over one connection; gives the statuses."""
    body = orjson.dumps({"query": QUERY, "variables": VARIABLES})
    with connected(address) as (connection, path):
        while True:
            yield post(connection, path, token, body)


def new_texts(address: str, token: str, pace: float = 0) -> Iterator[int]:
    """Send a document that nobody has sent before, so many a second (0: as many as are answered)."""
    start = time.monotonic()
    with connected(address) as (connection, path):
        for sent in count():
            if pace:
                time.sleep(max(0.0, start + sent / pace - time.monotonic()))
            text = f"query Q{next(NUMBERS)} {{ viewer {{ account institution }} }}"
            yield post(connection, path, token, orjson.dumps({"query": text}))


@contextmanager
def connected(address: str) -> Iterator[tuple[http.client.HTTPConnection, str]]:
    """A connection to the server, and the path of its API."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=START_SECONDS)
    try:
        yield connection, parts.path
    finally:
        connection.close()


def post(connection: http.client.HTTPConnection, path: str, token: str, body: bytes) -> int:
    """The status of one request."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Accept": "application/graphql-response+json",
    }
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    response.read()
    return response.status


def merged(loads: list[Load]) -> Load:
    """The loads as one."""
    whole = Load()
    for load in loads:
        whole.statuses += load.statuses
        whole.latencies += load.latencies
    return whole


def rate(load: Load, seconds: float) -> float:
    """Answers a second."""
    return sum(load.statuses.values()) / seconds


def p99(load: Load) -> float:
    """The latency in ms that one of a hundred exceeds."""
    return sorted(load.latencies)[int(len(load.latencies) * 0.99)] * 1_000


if __name__ == "__main__":
    sys.exit(main())
