"""Pictures of policies' curves for the documentation: `python -m benchmarks.labels.picture RESULT.json FILE.svg`.

`RESULT.json` is what `labels-review` or `labels-chosen` kept, under the name that it was given.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.base import Table

COLOURS = ("#8a8f98", "#b07aa1", "#c8a200", "#4e9fae", "#2f6fd0", "#d9541e")
WIDTH, HEIGHT, LEFT, TOP, PANEL = 1080, 430, 60, 50, 300
PLOT = 260
FONT = 'font-family="sans-serif" font-size="13"'


def reviewing(tables: Sequence[Table]) -> str:
    """One panel a table side by side, a line for each policy, the share of time on an axis by its columns."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for number, table in enumerate(tables):
        parts += _panel(table, LEFT + number * (PANEL + 40))
    for number, row in enumerate(tables[0].rows):
        x, y = LEFT + 340 * (number % 3), HEIGHT - 40 + 22 * (number // 3)
        parts.append(f'<rect x="{x}" y="{y - 9}" width="18" height="4" fill="{COLOURS[number]}"/>')
        parts.append(f'<text x="{x + 26}" y="{y - 3}">{row[0]}</text>')
    return "\n".join([*parts, "</svg>\n"])


def _panel(table: Table, left: float) -> Iterator[str]:
    source = table.title.partition("“")[2].partition("”")[0]
    yield f'<text x="{left}" y="{TOP - 18}" font-weight="bold">Labels of {source}</text>'
    for tenth in range(0, 11, 2):
        y = TOP + PLOT * (1 - tenth / 10)
        yield f'<line x1="{left}" y1="{y:.1f}" x2="{left + PANEL - 20}" y2="{y:.1f}" stroke="#e3e5e8"/>'
        yield f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{tenth / 10:.1f}</text>'
    step = (PANEL - 20) / (len(table.columns) - 1)
    for number, name in enumerate(table.columns[1:], 1):
        x, y = left + step * number, TOP + PLOT + 18
        yield f'<text x="{x:.1f}" y="{y}" text-anchor="middle" fill="#555">{name.partition(" ")[0]}</text>'
    for number, row in enumerate(table.rows):
        points = [(left, TOP + PLOT)] + [
            (left + step * at, TOP + PLOT * (1 - max(float(str(value)), 0.0))) for at, value in enumerate(row[1:], 1)
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{line}" fill="none" stroke="{COLOURS[number]}" stroke-width="2"/>'


def choosing(tables: Sequence[Table]) -> str:
    """One panel: mean ANLS by the number of labelled documents, a line for each way to choose them."""
    rows = [(str(row[0]), int(str(row[1])), float(str(row[-2]))) for row in tables[0].rows]
    most, low = max(count for _, count, _ in rows), min(score for _, _, score in rows)
    bottom = int(low * 50) / 50
    width = WIDTH - 2 * LEFT

    def point(count: int, score: float) -> tuple[float, float]:
        return LEFT + width * count / most, TOP + PLOT * (1 - (score - bottom) / (1 - bottom))

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="{TOP - 18}" font-weight="bold">Mean ANLS by the number of labelled documents</text>',
    ]
    for step in range(round((1 - bottom) * 50) + 1):
        x, y = point(0, bottom + step / 50)
        parts.append(f'<line x1="{x}" y1="{y:.1f}" x2="{LEFT + width}" y2="{y:.1f}" stroke="#e3e5e8"/>')
        parts.append(f'<text x="{x - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{bottom + step / 50:.2f}</text>')
    for count in sorted({count for _, count, _ in rows}):
        x, y = point(count, bottom)
        parts.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle" fill="#555">{count}</text>')
    for number, policy in enumerate(sorted({policy for policy, _, _ in rows})):
        colour = COLOURS[-1 - number]
        points = [point(count, score) for name, count, score in rows if name == policy]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points]
        x, y = LEFT + 340 * number, HEIGHT - 40
        parts.append(f'<rect x="{x}" y="{y - 9}" width="18" height="4" fill="{colour}"/>')
        parts.append(f'<text x="{x + 26}" y="{y - 3}">{policy}</text>')
    return "\n".join([*parts, "</svg>\n"])


PICTURES = {"labels-review": reviewing, "labels-chosen": choosing}

if __name__ == "__main__":
    result, target = map(Path, sys.argv[1:])
    picture = PICTURES[result.stem.rpartition("-")[0]]
    target.write_text(picture([Table.from_json(table) for table in json.loads(result.read_text())["tables"]]))
