"""Reports over HTTP: complete, equal to the comparison, harmless, and the same every time."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from sqlalchemy.orm import Session

from api import palettes
from api.decoding import decode_yaml
from api.reports import render_html, render_markdown, write_yaml
from db.attempts import Claim
from db.reports import read_report
from domain.lifecycle import FailureClass
from domain.reports import Report
from tests.api.conftest import submit
from tests.api.outlines import Outline
from tests.factories import claim_run, finish, finish_runs, graded, metrics, record, try_claim
from tests.findings import found

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
ARMS: list[dict[str, Any]] = [
    {"name": "base", "method": "base"},
    {"name": "grpo", "method": "grpo"},
    {"name": "shaped", "method": "entropy_shaped", "alpha": [0.1, 0.4], "kappa": [1.5, 2]},
]
SECTIONS = ["Setting", "Arms", "Alpha and kappa", "pass@k", "Training", "Problems", "Caveats"]
HOSTILE = "<script>alert(1)</script> | `x` ](javascript:alert(1)) *a* \u202e"


def train_all(rows: Session) -> None:
    """Every due run, with curves; arms differ a little, and so do seeds."""
    while True:
        try:
            claim = claim_run(rows)
        except AssertionError:
            break
        spec = claim.spec
        better = spec.method.method != "base"
        correct = [min(8, problem + better + spec.seed) for problem in range(4)]
        for step in range(1, spec.total_steps + 1):
            values = {"entropy/mean": 1.0 / step, "loss": 0.1}
            if spec.method.method == "entropy_shaped":
                values |= {"psi/share": 0.4, "psi/capped": 0.2}
            record(rows, claim, [metrics(step, values)])
        record(rows, claim, graded(correct, spec.total_steps))
        finish(rows, claim)
    rows.commit()


@pytest.fixture
def sweep(client: httpx.Client, rows: Session) -> int:
    """A finished sweep of a grid, two seeds."""
    sweep_id = submit(client, arms=ARMS, question="Does it?")
    train_all(rows)
    return sweep_id


def read(rows: Session, sweep_id: int, k: int | None = None) -> Report:
    return read_report(rows, sweep_id, k, None, NOW)


def pages(client: httpx.Client, sweep_id: int, **query: int | str) -> tuple[str, str]:
    replies = [
        client.get(f"/sweeps/{sweep_id}/report.{kind}", params=query) for kind in ("html", "md")
    ]
    assert [reply.status_code for reply in replies] == [200, 200], replies[0].text
    return replies[0].text, replies[1].text


def test_a_report_can_be_against_another_arm(client: httpx.Client, sweep: int) -> None:
    for page in pages(client, sweep, baseline="base"):
        text = " ".join(page.replace("\\", "").split())
        assert "Against base; the sweep was submitted with baseline" in text
        assert "against base, in points" in text


def test_an_arm_has_the_colour_that_it_has_on_the_page() -> None:
    code = (Path(__file__).parents[2] / "frontend/src/charts/palette.ts").read_text("utf-8")
    [hues] = re.findall(r"light: \[(.*?)\]", code)
    assert tuple(re.findall(r'"(.*?)"', hues)) == palettes.HUES
    ink, *_ = re.findall(r'BASELINE.*light: "(.*?)"', code)
    assert ink == palettes.INK


def test_an_arm_keeps_its_colour_whichever_is_the_baseline(rows: Session, sweep: int) -> None:
    own, other = (read_report(rows, sweep, None, name, NOW) for name in (None, "base"))
    colours = [
        {name: (style.colour, style.dash) for name, style in styles.items()}
        for styles in (palettes.style_arms(own.comparison), palettes.style_arms(other.comparison))
    ]
    assert colours[0] == colours[1]


def test_every_section_is_there(client: httpx.Client, sweep: int) -> None:
    html, markdown = pages(client, sweep)
    outline = Outline(html)
    assert outline.headings == [*SECTIONS, "Reproduction"]
    assert outline.elements.count("svg") > 5
    for heading in [*SECTIONS[:2], *SECTIONS[3:], "Reproduction"]:
        assert f"\n## {heading}\n" in markdown
    assert "<svg" not in markdown


def joined(text: str) -> str:
    """Its words with one plain space between them."""
    return " ".join(text.split())


def test_figures_are_those_of_the_comparison(client: httpx.Client, sweep: int) -> None:
    comparison: dict[str, Any] = client.get(f"/sweeps/{sweep}/comparison").json()
    for page in pages(client, sweep):
        text = Outline(page).text if page.startswith("<!doctype") else page.replace("\\", "")
        plain = joined(text.replace("&gt;", ">").replace("&lt;", "<"))
        assert joined(comparison["conclusion"]) in plain
        for sentence in comparison["sentences"].values():
            assert joined(sentence) in plain
        for arm in comparison["arms"]:
            one = arm["pass_at"][-1]
            assert re.search(
                rf"{100 * one['mean']:.1f} \(?{100 * one['low']:.1f} to {100 * one['high']:.1f}",
                plain,
            )
            if arm["delta"]:
                delta = arm["delta"][-1]
                assert f"{100 * delta['adjusted_low']:+.1f} to" in plain.replace("-0.0", "+0.0")


def test_what_is_established_is_outlined_and_nothing_else(
    client: httpx.Client, rows: Session
) -> None:
    arms = [ARMS[1], ARMS[2] | {"alpha": [0.4, 0.8], "kappa": [2]}]
    sweep_id = submit(client, arms=arms, eval={"problems": 40, "samples": 8}, seeds=[0, 1, 2])

    def judge(claim: Claim) -> list[int]:
        won = getattr(claim.spec.method, "alpha", 0) == 0.8
        return [(5 if won else 2) + (problem + claim.spec.seed) % 3 for problem in range(40)]

    finish_runs(rows, judge)
    rows.commit()
    html, markdown = pages(client, sweep_id, k=1)
    assert re.findall(r'<td class="established"[^>]*><b>(.*?)</b>', html) == ["+37.5"]
    assert re.findall(r"\| (\S+) \| better", markdown) == ["shaped/alpha=0.8,kappa=2"]


def test_the_words_speak_of_the_k_that_was_asked_for(client: httpx.Client, sweep: int) -> None:
    html, markdown = pages(client, sweep, k=2)
    assert "pass@2 against grpo" in html
    assert "pass@2 against grpo" in markdown
    refused = client.get(f"/sweeps/{sweep}/report.html", params={"k": 9})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "k")


def test_a_report_asks_for_nothing_and_may_run_nothing(client: httpx.Client, sweep: int) -> None:
    reply = client.get(f"/sweeps/{sweep}/report.html")
    outline = Outline(reply.text)
    assert not re.findall(r"(?:https?:)?//[\w.]+", re.sub(r"\d+ */ */", "", reply.text))
    assert not {"script", "link", "img", "iframe", "object", "a", "form"} & set(outline.elements)
    assert not [name for name, _ in outline.attributes if name.startswith("on") or name == "src"]
    targets = [value for name, value in outline.attributes if name in ("href", "xlink:href")]
    assert all(value and value.startswith("#") for value in targets)
    assert reply.headers["content-security-policy"].startswith("default-src 'none'; style-src")
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_pictures_are_named_for_those_who_cannot_see_them(client: httpx.Client, sweep: int) -> None:
    html, _ = pages(client, sweep)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for names in re.findall(r'role="img" aria-labelledby="([^"]+)"', html):
        assert set(names.split()) <= set(ids)


def test_the_same_rows_give_the_same_bytes(rows: Session, sweep: int) -> None:
    first, second = read(rows, sweep), read(rows, sweep)
    assert render_html(first) == render_html(second)
    assert render_markdown(first) == render_markdown(second)
    assert "2026-11-23 13:30 UTC" in render_html(first)


def test_hostile_text_stays_text(client: httpx.Client) -> None:
    question = f"# {HOSTILE}\n---\n1. www.example.com https://example.com"
    html, markdown = pages(client, submit(client, name=HOSTILE, question=question))
    outline = Outline(html)
    assert not {"script", "a", "img"} & set(outline.elements)
    assert HOSTILE.replace("\u202e", "\ufffd") in outline.text
    body, _, code = markdown.partition("```yaml")
    assert body.startswith("# &lt;script&gt;alert(1)&lt;/script&gt; \\| \\`x\\` \\](javascript:")
    assert "<" not in body
    assert "\u202e" not in html + markdown
    assert not re.search(r"https?://|www\.e", body)
    assert "\n---\n" not in body
    assert code


@pytest.mark.parametrize("text", ["1e3", "yes", "~", "a: b", HOSTILE, "two\nlines", "0o17", " x "])
def test_the_sweep_in_a_report_can_be_submitted_again(
    client: httpx.Client, rows: Session, text: str
) -> None:
    sweep_id = submit(client, name=text, question=text, arms=ARMS)
    spec = client.get(f"/sweeps/{sweep_id}").json()["spec"]
    found = write_yaml(read(rows, sweep_id))
    assert decode_yaml(found.encode()) == spec
    again = client.post("/sweeps", content=found, headers={"content-type": "application/yaml"})
    assert again.status_code == 201, again.text
    assert next(iter(yaml.safe_load(found))) == "name"


def test_an_unfinished_sweep_says_so(client: httpx.Client, rows: Session) -> None:
    sweep_id = submit(client, arms=ARMS)
    finish_runs(rows, lambda _: [1, 2, 3, 4], most=3)
    rows.commit()
    for page in pages(client, sweep_id):
        assert "Unfinished: 8 queued, 3 succeeded of 11 runs." in page
        assert "Figures may still change" in page


def test_a_sweep_without_a_grade_has_a_report_without_figures(client: httpx.Client) -> None:
    html, markdown = pages(client, submit(client))
    assert "<svg" not in html
    assert "No conclusion yet" in markdown


def test_a_single_arm_has_a_report(client: httpx.Client, rows: Session) -> None:
    sweep_id = submit(client, arms=[ARMS[1]])
    train_all(rows)
    html, markdown = pages(client, sweep_id)
    assert "there is nothing to compare" in html
    assert "Adjusted interval" not in markdown


def test_runs_are_listed_with_what_became_of_them(client: httpx.Client, rows: Session) -> None:
    sweep_id = submit(client, arms=ARMS[1:2], seeds=[0])
    finish(rows, claim_run(rows), FailureClass.USER_ERROR)
    rows.commit()
    run = client.get(f"/runs/{client.get('/runs').json()['runs'][0]['id']}").json()
    for page in pages(client, sweep_id):
        assert run["content_hash"][:16] in page
        assert "it user\\_error" in page or "it user_error" in page


def test_a_run_that_diverged_is_named(client: httpx.Client, rows: Session) -> None:
    sweep_id = submit(client, arms=ARMS[1:2])
    claim = claim_run(rows)
    points = {step: float("nan") if step > 7 else 0.1 * step for step in range(1, 11)}
    events = [metrics(step, {"entropy/mean": value}) for step, value in points.items()]
    record(rows, claim, events)
    rows.commit()
    for page in pages(client, sweep_id):
        plain = page.replace("\\", "")
        assert "Entropy exploded in 1 run (in the last tenth of the steps" in plain
        assert f"run {claim.run_id} (grpo, seed 0; entropy/mean from step 8)" in plain


def test_a_confirmation_and_its_search_name_each_other(client: httpx.Client, sweep: int) -> None:
    body = {"arm": "shaped/alpha=0.4,kappa=2"}
    made = client.post(f"/sweeps/{sweep}/confirmations", json=body).json()
    search, confirmation = pages(client, sweep)[1], pages(client, made["id"])[1]
    assert f"Sweep {made['id']}" in search
    assert "confirms shaped/alpha=0.4,kappa=2: queued" in search
    assert f"It confirms shaped/alpha=0.4,kappa=2 of sweep {sweep}" in confirmation


def test_the_api_starts_without_what_only_a_report_needs() -> None:
    program = "import sys, api.main; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_report_of_no_sweep_is_not_found(client: httpx.Client) -> None:
    for kind in ("html", "md"):
        assert client.get(f"/sweeps/77/report.{kind}").status_code == 404


def test_behaviour_is_told_where_runs_were_looked_at(
    client: httpx.Client, rows: Session, sweep: int
) -> None:
    before = client.get(f"/sweeps/{sweep}/report.html").text
    assert "<h2>Behaviour</h2>" not in before
    client.post(f"/sweeps/{sweep}/analyses", json={}).raise_for_status()
    while claim := try_claim(rows):
        record(rows, claim, found())
        finish(rows, claim)
    rows.commit()
    page = Outline(client.get(f"/sweeps/{sweep}/report.html").text)
    assert page.headings.index("Behaviour") == page.headings.index("Training") + 1
    assert "Entropy above the rest by kind" in page.text
    assert "operators" in page.text
    assert "Own prompt, %" in page.text
    text = client.get(f"/sweeps/{sweep}/report.md").text
    assert "## Behaviour" in text
    assert "No arm's behaviour is established to differ" in text
    assert "that need not be a new way of solving them" in text
