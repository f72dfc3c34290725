"""`make bench`: set up, load, compare the answers, measure, and write the page. See `bench/README.md`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

from bench import facts, report
from bench.cluster import running_cluster
from bench.comparing import Plan
from bench.loading import load
from bench.parts import audit, corrections, growth, queries, sqlite, starts
from bench.provisions import provide
from bench.running import Run
from bench.samples import Samples
from bench.scale import CONCURRENCIES, FULL, QUERIES, QUICK, Scale

PARTS = {
    "queries": queries.run,
    "start": starts.run,
    "audit": audit.run,
    "sqlite": sqlite.run,
    "corrections": corrections.run,
    "growth": growth.run,
}
"""In the order in which they run: corrections change the data."""
ALONE = frozenset({"sqlite", "growth"})
"""Parts that have doctors of their own."""


def main() -> None:
    """Run what was asked for; what an earlier run has measured is not measured again."""
    given = _arguments().parse_args()
    scale = _scale(given)
    parts = given.only or [part for part in PARTS if part != "growth"]
    parts = ["growth"] if given.growth else parts
    samples = Samples.open(scale.name, fresh=given.fresh)
    if not given.report:
        provide(_tell)
        samples.note(**facts.facts(), doctors=scale.doctors, seconds=scale.seconds, sizes=list(scale.growth))
        _measure(scale, given, parts, samples)
    _tell(f"Written: {', '.join(report.write(samples, committed=scale.name == FULL.name))}")


def _measure(scale: Scale, given: argparse.Namespace, parts: Sequence[str], samples: Samples) -> None:
    plan = Plan(given.queries, given.connections, scale.seconds, scale.repetitions)
    with running_cluster() as cluster:
        of = Run(cluster, scale, plan, samples, _tell)
        if not ALONE.issuperset(parts):
            load(of.dataset, _tell)
        for part in PARTS:
            if part in parts:
                _tell(f"— {part}")
                PARTS[part](of)


def _scale(given: argparse.Namespace) -> Scale:
    scale = QUICK if given.quick else FULL
    return replace(
        scale,
        seconds=given.seconds or scale.seconds,
        repetitions=given.repetitions or scale.repetitions,
        growth=tuple(given.sizes or scale.growth),
    )


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="10,000 doctors, 2 seconds, once; not for the docs"
    )
    parser.add_argument(
        "--only", action="append", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}"
    )
    parser.add_argument("--growth", action="store_true", help="only growth, which loads millions of rows")
    parser.add_argument("--queries", type=_listed, default=list(QUERIES), help=f"of {','.join(QUERIES)}")
    parser.add_argument("--connections", type=_numbers, default=list(CONCURRENCIES), help="such as 1,16")
    parser.add_argument("--sizes", type=_numbers, help="registers whose growth is measured")
    parser.add_argument("--seconds", type=float, help="of each run")
    parser.add_argument("--repetitions", type=int, help="of which the medians are told")
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before")
    parser.add_argument("--report", action="store_true", help="only write the page from what was measured")
    return parser


def _listed(text: str) -> list[str]:
    named = text.split(",")
    if unknown := set(named) - set(QUERIES):
        raise argparse.ArgumentTypeError(f"there is no query {min(unknown)!r}")
    return named


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
