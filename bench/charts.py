"""Bar charts as SVG: one group of bars for each label, one bar for each series, each with its figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

COLOURS = ("#0b6e4f", "#c8553d", "#e0a458", "#5b7b9a")
WIDTH, LEFT, TOP = 760, 20, 64
BAR, GAP, BETWEEN = 22, 5, 26
LABEL = 230
FONT = "font-family='system-ui, sans-serif'"


@dataclass(frozen=True)
class Chart:
    """A title, what the bars mean, the labels, and each series' figures in the order of the labels."""

    title: str
    unit: str
    labels: Sequence[str]
    series: Mapping[str, Sequence[float | None]]
    digits: int = 0


def svg(chart: Chart) -> str:
    """The picture: bars of one label are scaled together, for labels differ by orders of magnitude."""
    drawn = list(_groups(chart))
    height = TOP + len(chart.labels) * _group_height(chart) + 10
    return "\n".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {height}' role='img'"
            f" aria-label='{_text(chart.title)}'>",
            f"<rect width='{WIDTH}' height='{height}' fill='#ffffff'/>",
            f"<text x='{LEFT}' y='26' {FONT} font-size='17' fill='#1b1b1b'>{_text(chart.title)}</text>",
            f"<text x='{LEFT}' y='47' {FONT} font-size='13' fill='#5a5a5a'>{_text(chart.unit)}</text>",
            *drawn,
            "</svg>",
            "",
        ]
    )


def _group_height(chart: Chart) -> int:
    return len(chart.series) * (BAR + GAP) + BETWEEN


def _groups(chart: Chart) -> Iterator[str]:
    for place, label in enumerate(chart.labels):
        top = TOP + place * _group_height(chart)
        figures = {name: found[place] for name, found in chart.series.items()}
        most = max((figure for figure in figures.values() if figure), default=1.0)
        yield f"<text x='{LEFT}' y='{top + 12}' {FONT} font-size='14' fill='#1b1b1b'>{_text(label)}</text>"
        for row, (name, figure) in enumerate(figures.items()):
            yield from _bar(name, figure, most, top + 20 + row * (BAR + GAP), COLOURS[row % 4], chart.digits)


def _bar(name: str, figure: float | None, most: float, top: int, colour: str, digits: int) -> Iterator[str]:
    base, room = top + BAR - 6, WIDTH - LABEL - LEFT - 90
    yield f"<text x='{LEFT}' y='{base}' {FONT} font-size='13' fill='#333333'>{_text(name)}</text>"
    if figure is None:
        return
    width = max(1.0, figure / most * room)
    yield f"<rect x='{LABEL + LEFT}' y='{top}' width='{width:.1f}' height='{BAR}' rx='2' fill='{colour}'/>"
    told = f"{figure:,.{digits}f}"
    yield f"<text x='{LABEL + LEFT + width + 8:.1f}' y='{base}' {FONT} font-size='13' fill='#1b1b1b'>{told}</text>"


def _text(text: str) -> str:
    return escape(text, {"'": "&#39;"})
