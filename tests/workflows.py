"""Runs a job of a workflow here: its conditions and variables are evaluated, its scripts run by bash as they stand.

Actions of others are not run: the repository is checked out already, and an artefact is a folder that is copied.
"""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<sign>==|!=|&&|\|\||[!(),])|(?P<name>[\w.*-]+))")


def evaluate(expression: str, contexts: dict[str, Any]) -> Any:
    """The value of an expression of GitHub's (docs.github.com, "Evaluate expressions"), as far as ours need them."""
    source = []
    for match in _TOKEN.finditer(expression):
        if match["text"]:
            source.append(repr(match["text"][1:-1].replace("''", "'")))
        elif match["sign"]:
            source.append({"&&": " and ", "||": " or ", "!": " not "}.get(match["sign"], match["sign"]))
        elif expression[match.end() :].lstrip().startswith("("):
            source.append(match["name"])
        else:
            source.append(f"look_up({match['name']!r})")

    def look_up(name: str) -> Any:
        if name in ("true", "false"):
            return name == "true"
        found: Any = contexts
        for key in name.split("."):
            if key == "*":
                continue
            found = [each.get(key) for each in found] if isinstance(found, list) else (found or {}).get(key)
        return found

    functions = {
        "look_up": look_up,
        "contains": lambda where, what: what in (where or ()),
        "startsWith": lambda text, start: str(text or "").startswith(start),
        "always": lambda: True,
        "cancelled": lambda: False,
    }
    return eval(f"({''.join(source)})", {"__builtins__": {}}, functions)


def fill(text: str, contexts: dict[str, Any]) -> str:
    """The text with the expressions in it replaced by their values."""
    value = re.sub(r"\$\{\{(.*?)\}\}", lambda match: _shown(evaluate(match[1], contexts)), str(text))
    return value.strip()


def _shown(value: Any) -> str:
    return "" if value in (None, False) else str(value)


@dataclass
class Job:
    """A job of one of our workflows, to be run in `folder`, a clone of the repository."""

    workflow: Path
    name: str
    folder: Path
    github: dict[str, Any]
    event: Path
    needs: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    artefacts: dict[str, Path] = field(default_factory=dict)

    @property
    def _contexts(self) -> dict[str, Any]:
        github = {"token": "the-token", "run_id": 5, **self.github, "event": json.loads(self.event.read_bytes())}
        return {"github": github, "needs": self.needs}

    @property
    def _text(self) -> dict[str, Any]:
        job: dict[str, Any] = yaml.safe_load(self.workflow.read_text(encoding="utf-8"))["jobs"][self.name]
        return job

    def is_due(self) -> bool:
        """Whether GitHub would start it."""
        return bool(evaluate(self._text.get("if", "true"), self._contexts))

    def run(self) -> str:
        """Runs the steps, and returns what they printed. Fails as the job would."""
        output = self.event.with_name("output")
        output.write_text("")
        variables = {name: fill(value, self._contexts) for name, value in self._text.get("env", {}).items()}
        environment = {
            **os.environ,
            "GITHUB_EVENT_PATH": str(self.event),
            "GITHUB_OUTPUT": str(output),
            **self.environment,
            **variables,
        }
        printed = ""
        for step in self._text["steps"]:
            if "run" in step:
                # As GitHub runs it (docs.github.com, "jobs.<job_id>.steps[*].shell").
                command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
                result = subprocess.run(
                    command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
                )
                printed += result.stdout + result.stderr
                assert result.returncode == 0, printed
            elif step["uses"].startswith("actions/upload-artifact@"):
                target = self.event.parent / "artefacts" / step["with"]["name"]
                shutil.copytree(self.folder / step["with"]["path"], target)
                self.artefacts[step["with"]["name"]] = target
        self.outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return printed
