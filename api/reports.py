"""A sweep's report as one file: HTML that prints, or Markdown. Rendering is pure.

Names and questions are other people's text. In both formats every value a template writes is
escaped unless Python made it as markup, so nothing is left to a template's author to remember.
"""

import re
from pathlib import Path
from typing import Any

import yaml
from fastapi import Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.behaviourtables import describe_inquiry, tabulate_dependence, tabulate_gaps, tabulate_often
from api.decoding import RESOLVERS, texts
from api.markdown import STEERING, escape_markdown, fence, write_table
from api.palettes import heat
from api.tables import (
    probability,
    signed,
    tabulate_arms,
    tabulate_cover,
    tabulate_differences,
    tabulate_histogram,
    tabulate_passes,
    tabulate_runs,
    tabulate_training,
)
from domain.behaviourreports import ReportedBehaviour, list_established
from domain.caveats import list_caveats
from domain.grids import arrange, scale_end
from domain.reports import MOST_DRAWN, Report, describe_state, is_unfinished, list_settings
from domain.runs import EvalSettings, TrainSettings

METRICS = (
    ("entropy/mean", "Entropy, nats"),
    ("psi/share", "psi / |A|"),
    ("psi/capped", "Share of tokens at the cap"),
)
SHORT_TABLE = 12
FIELDS = (
    *("name", "question", "model", "task", "method"),
    *("alpha", "kappa", "form", "beta", "target", "delta", "rho"),
    *("replica", "zip", "exclude", "train", "eval", "seeds", "baseline", "arms"),
    *dict.fromkeys([*EvalSettings.model_fields, *TrainSettings.model_fields]),
)
COMMAND = "forkpoint sweep create -f sweep.yaml"

# A report needs nothing from anywhere, so nothing is allowed but its own styles.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
HTML: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One page with tables and figures; it asks for nothing else.",
        "content": {"text/html": {"schema": {"type": "string"}}},
    }
}
MARKDOWN: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The same tables and sentences, without figures.",
        "content": {"text/markdown": {"schema": {"type": "string"}}},
    }
}


class YamlWriter(yaml.SafeDumper):
    """Quotes whatever the API would read as something else than text, and writes no anchors."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def write_text(writer: YamlWriter, text: str) -> yaml.ScalarNode:
    """Lines stay lines where YAML allows it."""
    style = "|" if "\n" in text else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


YamlWriter.add_representer(str, write_text)
for kind, pattern, first in RESOLVERS:
    YamlWriter.add_implicit_resolver(
        f"tag:yaml.org,2002:{kind}", re.compile(f"^(?:{pattern})$"), list(first)
    )


def reply_with_html(report: Report) -> Response:
    return reply(render_html(report), "text/html", f"sweep-{report.sweep_id}-report.html")


def reply_with_markdown(report: Report) -> Response:
    return reply(render_markdown(report), "text/markdown", f"sweep-{report.sweep_id}-report.md")


def reply(text: str, media_type: str, name: str) -> Response:
    headers = {
        "Content-Security-Policy": POLICY,
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "private, no-cache",
    }
    return Response(text, media_type=media_type, headers=headers)


def render_html(report: Report) -> str:
    from api import behaviourcharts, charts  # load matplotlib

    grids = arrange(report.comparison.arms, report.place)
    return HTML_PAGES.get_template("report.html").render(
        **gather(report),
        grids=grids,
        scale=scale_end(grids),
        passes=charts.draw_passes(report) if report.is_graded else None,
        curves=[
            drawn
            for name, title in METRICS
            if (drawn := charts.draw_trajectory(report, name, title))
        ],
        histograms=charts.draw_histograms(report),
        gaps_chart=behaviourcharts.draw_gaps(report),
        most_drawn=MOST_DRAWN,
        policy=POLICY.rpartition("; ")[0],  # frame-ancestors counts in a header alone
    )


def render_markdown(report: Report) -> str:
    text = MARKDOWN_PAGES.get_template("report.md").render(
        **gather(report),
        passes=tabulate_passes(report),
        histogram=tabulate_histogram(report),
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def gather(report: Report) -> dict[str, object]:
    """What both formats show."""
    return {
        "report": report,
        "comparison": report.comparison,
        "made_at": report.made_at.strftime("%Y-%m-%d %H:%M %Z"),
        "state": describe_state(report.runs),
        "unfinished": is_unfinished(report.runs),
        "settings": list_settings(report),
        "arms": tabulate_arms(report),
        "differences": tabulate_differences(report),
        "training": tabulate_training(report, METRICS),
        "cover": tabulate_cover(report),
        "runs": tabulate_runs(report),
        "behaviour": describe_behaviour(report.behaviour) if report.behaviour else None,
        "caveats": list_caveats(report),
        "yaml": write_yaml(report),
        "command": COMMAND,
    }


def describe_behaviour(found: ReportedBehaviour) -> dict[str, object]:
    return {
        "inquiry": describe_inquiry(found),
        "gaps": tabulate_gaps(found),
        "often": tabulate_often(found),
        "established": list_established(found),
        "dependence": tabulate_dependence(found) if found.dependence else None,
        "remarks": found.remarks,
    }


def write_yaml(report: Report) -> str:
    """The sweep as submitted, its keys in the order of our examples: the database keeps none."""
    plain = not any(STEERING.search(text) for text in texts(report.spec))
    return yaml.dump(
        in_order(dict(report.spec)),
        Dumper=YamlWriter,
        sort_keys=False,
        allow_unicode=plain,
        default_flow_style=None,
        width=88,
    )


def in_order(data: object) -> object:
    if isinstance(data, dict):
        known = [name for name in FIELDS if name in data]
        others = sorted(name for name in data if name not in FIELDS)
        return {name: in_order(data[name]) for name in (*known, *others)}
    return [in_order(item) for item in data] if isinstance(data, list) else data


def visible(value: object) -> object:
    return STEERING.sub("\ufffd", value) if type(value) is str else value


def breakable(name: str) -> Markup:
    """An arm's name, which may be broken after its separators."""
    return Markup(re.sub(r"([/,])", r"\1<wbr>", str(escape(visible(name)))))  # noqa: S704


def open_templates(**settings: Any) -> Environment:
    return Environment(  # noqa: S701 - Markdown is escaped by its own rules, in finalize
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **settings,
    )


HTML_PAGES = open_templates(autoescape=True, finalize=visible)
HTML_PAGES.filters |= {
    "breakable": breakable,
    "heat": heat,
    "signed": signed,
    "probability": probability,
}
HTML_PAGES.globals["short_table"] = SHORT_TABLE
MARKDOWN_PAGES = open_templates(autoescape=False, finalize=escape_markdown)
MARKDOWN_PAGES.globals |= {"table": write_table, "fence": fence}
