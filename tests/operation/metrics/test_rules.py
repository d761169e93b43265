"""Alert rules and dashboard: the metrics that they and the documentation name exist, expressions are well formed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.test import Client

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "deploy/prometheus/alerts.yml"
DASHBOARD = ROOT / "deploy/grafana/kdweb.json"
NAME = re.compile(r"\bkdweb_[a-z0-9_]+")
# PromQL, as far as the two files use it: a token, then what may follow it.
TOKEN = re.compile(
    r"""\s*(?:(?P<string>"[^"]*")|(?P<number>\d+(?:\.\d+)?(?:e\d+)?(?![a-z]))|(?P<range>\[\d+[smhd]\])
    |(?P<operator>==|!=|=~|<=|>=|[-+*/<>=,])|(?P<bracket>[(){}])|(?P<word>[a-z_][a-z0-9_]*))""",
    re.VERBOSE,
)
FUNCTIONS = {"sum", "max", "rate", "histogram_quantile"}
WORDS = FUNCTIONS | {"by", "on", "group_left", "and", "or", "up"}
PAIRS = {")": "(", "}": "{"}


def alerts() -> list[dict[str, str]]:
    [group] = yaml.safe_load(RULES.read_text())["groups"]
    return list(group["rules"])


def panels() -> list[dict[str, object]]:
    return list(json.loads(DASHBOARD.read_text())["panels"])


def expressions() -> Iterator[str]:
    yield from (alert["expr"] for alert in alerts())
    for panel in panels():
        yield from (target["expr"] for target in panel["targets"])  # type: ignore[attr-defined]


def tokens(expression: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(expression):
        match = TOKEN.match(expression, at)
        assert match is not None, expression[at:]
        assert match.lastgroup is not None
        yield match.lastgroup, match[match.lastgroup]
        at = match.end()


@pytest.mark.parametrize("expression", [*expressions()])
def test_an_expression_is_well_formed(expression: str) -> None:
    open_brackets: list[str] = []
    previous = ""
    for kind, token in tokens(expression):
        if token in ("(", "{"):
            open_brackets.append(token)
        elif token in PAIRS:
            assert open_brackets.pop() == PAIRS[token]
            assert previous not in ("==", "=~", "*", "/", "+")
        elif kind == "word" and "{" not in open_brackets:
            inside = open_brackets and previous in ("(", ",")
            assert token in WORDS or NAME.fullmatch(token) or inside, token
        previous = token
    assert open_brackets == []
    assert previous not in ("and", "or", "by", "==", "<", ">")


@pytest.mark.django_db
def test_every_metric_that_is_named_is_there(client: Client) -> None:
    client.get("/login/")
    there = set(NAME.findall(client.get("/metrics").content.decode()))
    named = {name for expression in expressions() for name in NAME.findall(expression)}
    assert named
    assert named - there == set()
    documented = set(NAME.findall((ROOT / "docs/monitoring.md").read_text("utf-8"))) - {"kdweb_token"}
    assert documented - there == set()
    families = {re.sub(r"_(bucket|gcount|gsum|count|sum)$", "", name) for name in there}
    assert families - documented - {"kdweb_http_requests"} == set()


def test_alerts_say_what_is_wrong_and_how_urgent_it_is() -> None:
    names = [alert["alert"] for alert in alerts()]
    assert len(set(names)) == len(names)
    for alert in alerts():
        assert set(alert) == {"alert", "expr", "for", "labels", "annotations"}
        assert alert["labels"]["severity"] in ("page", "ticket")  # type: ignore[index]


def test_panels_do_not_lie_on_each_other() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels()]  # type: ignore[index]
    assert len(set(places)) == len(places) == len({panel["id"] for panel in panels()})


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_prometheus_takes_every_expression(tmp_path: Path) -> None:
    recorded = [{"record": f"rule_{number}", "expr": expression} for number, expression in enumerate(expressions())]
    rules = tmp_path / "rules.yml"
    rules.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": recorded}]}))
    for path in (RULES, rules):
        done = subprocess.run(["promtool", "check", "rules", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
