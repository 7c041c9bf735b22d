"""Matplotlib figures as inline SVG, the same bytes for the same figure.

Text stays text: it can be found and read aloud, and takes the page's typeface.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from api.palettes import INK, LINE, MUTED

SETTINGS: Any = {  # the stubs want a literal type of every key there is
    "svg.fonttype": "none",
    "svg.hashsalt": "forkpoint",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # a name may hold dollars
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.5,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.minor.visible": False,
}
FORGOTTEN = {"Date": None, "Creator": None, "Format": None, "Type": None}
MARGINS = {"left": 0.11, "right": 0.97, "top": 0.965, "bottom": 0.15}
BARE = {"left": 0.0, "right": 1.0, "top": 1.0, "bottom": 0.0}

# Matplotlib's settings are global, and so are its caches: one report is drawn at a time.
DRAWING = Lock()


@contextmanager
def drawing() -> Iterator[None]:
    with DRAWING, rc_context(SETTINGS):
        yield


def open_figure(width: float, height: float, **margins: float) -> tuple[Figure, Axes]:
    """With margins that are known: to find them, matplotlib would draw everything twice."""
    figure = Figure(figsize=(width, height))
    figure.subplots_adjust(**(margins or MARGINS))
    return figure, figure.add_subplot()


def as_svg(figure: Figure, name: str, title: str, told: str) -> Markup:
    """For the middle of an HTML page: no prologue, no metadata, no name that another figure has."""
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata=FORGOTTEN, transparent=True)
    body = text.getvalue()
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    view = re.search(r'viewBox="([^"]+)"', body)
    inner = body[body.index(">", body.index("<svg")) + 1 : body.rindex("</svg>")]
    inner = re.sub(r'<g id="[^"]*"', "<g", inner)
    inner = re.sub(r"\n\s*", "\n", re.sub(r'(id="|#)([mph][0-9a-f]{10})', rf"\1{name}-\2", inner))
    inner = re.sub(r"font: ([0-9.]+px)[^;\"]*", r"font-size: \1", inner)
    head = Markup(
        '<svg viewBox="{}" role="img" aria-labelledby="{name}-title {name}-told">'
        '<title id="{name}-title">{}</title><desc id="{name}-told">{}</desc>'
    ).format(view.group(1) if view else "", title, told, name=name)
    return head + Markup(inner) + Markup("</svg>")  # noqa: S704 - matplotlib escapes its text
