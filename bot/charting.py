"""Draws a timeline as a picture: a program of its own, so that the plotting library's memory goes when it is done.

    python -m bot.charting < CHART > PNG

CHART is JSON: {"title", "rows": [label...], "points": [[day as ISO 8601, row, how many]...]}.
"""

import json
import logging
import sys
import warnings
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from textwrap import fill
from typing import Any

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

# One look that is legible on Discord's dark and light backgrounds, as the picture brings its own.
GROUND, INK, QUIET, LINE = "#2b2d31", "#f2f3f5", "#b5bac1", "#4e5058"
COLOURS = ("#57a0f5", "#f0b232", "#3ba55c", "#eb6a8e", "#a78bfa", "#4dd0c4", "#f58f57", "#c0c6d0")
WIDTH, HEAD, ROW = 6.0, 1.25, 0.46  # inches; so narrow that the letters can be read on a telephone
DOTS = 200  # an inch
TITLE_LINE = 54  # characters
APART = 26  # dots that stand side by side in a row
LEAST_DAYS = 8.0  # on the axis
LEAST, MOST = 110.0, 420.0  # square points of a dot for one statement, and of the largest


def apart(points: Sequence[tuple[float, int, int]], least: float) -> list[tuple[float, int, int]]:
    """Points (day, row, count), those of a row that would cover each other as one, in their middle."""
    found: list[tuple[float, int, int]] = []
    for at, row, count in sorted(points, key=lambda point: (point[1], point[0])):
        before = found[-1] if found else None
        if before and before[1] == row and at - before[0] < least:
            both = before[2] + count
            found[-1] = ((before[0] * before[2] + at * count) / both, row, both)
        else:
            found.append((at, row, count))
    return found


def drawn(chart: Mapping[str, Any]) -> bytes:
    """The chart as a PNG."""
    rows = chart["rows"]
    with rc_context({"text.parse_math": False, "font.size": 10.5}):
        layout = ConstrainedLayoutEngine(w_pad=0.14, h_pad=0.12)
        figure = Figure(figsize=(WIDTH, HEAD + ROW * len(rows)), facecolor=GROUND, layout=layout)
        FigureCanvasAgg(figure)
        axes = figure.add_subplot(facecolor=GROUND)
        points = [(float(date2num(date.fromisoformat(day))), row, count) for day, row, count in chart["points"]]
        first, last = min(at for at, _, _ in points), max(at for at, _, _ in points)
        for at, row, count in apart(points, (last - first) / APART):
            size = min(LEAST * count**0.7, MOST)
            axes.scatter([at], [row], s=size, color=COLOURS[row % len(COLOURS)], edgecolor=GROUND, zorder=3)
            if count > 1:
                axes.annotate(
                    str(count), (at, row), ha="center", va="center_baseline", color=GROUND, fontsize=9.5,
                    fontweight="bold", zorder=4,
                )  # fmt: skip
        figure.suptitle(fill(chart["title"], TITLE_LINE), x=0.02, ha="left", color=INK, fontsize=12, fontweight="bold")
        axes.set_yticks(range(len(rows)), rows, color=INK)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        beside = max((LEAST_DAYS - (last - first)) / 2, 0.05 * (last - first))
        axes.set_xlim(max(first - beside, date2num(date.min)), min(last + beside, date2num(date.max)))
        axes.grid(axis="y", color=LINE, linewidth=1, zorder=0)
        locator = AutoDateLocator(minticks=3, maxticks=7)
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))
        axes.xaxis.get_offset_text().set_color(QUIET)
        axes.tick_params(axis="x", colors=QUIET, length=4)
        axes.tick_params(axis="y", length=0, pad=8)
        for name, spine in axes.spines.items():
            spine.set_visible(name == "bottom")
            spine.set_color(LINE)
        out = BytesIO()
        figure.savefig(out, format="png", dpi=DOTS, facecolor=GROUND)
    return out.getvalue()


def main() -> int:
    """Reads a chart and writes its picture."""
    warnings.simplefilter("ignore")  # a letter that no font has is drawn as a box
    logging.disable(logging.WARNING)
    sys.stdout.buffer.write(drawn(json.load(sys.stdin)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
