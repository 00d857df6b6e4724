"""A GitHub to test with: the parts of its REST API that the workflows use, in its documented shapes, over real HTTP."""

import io
import json
import re
import threading
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

HOME = "small/review"
BOT = "github-actions[bot]"


@dataclass
class Repository:
    """What GitHub holds of one repository. `may_open` is the owner's consent to pull requests by workflows."""

    pulls: list[dict[str, Any]] = field(default_factory=list)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    line_comments: list[dict[str, Any]] = field(default_factory=list)
    artefacts: dict[int, bytes] = field(default_factory=dict)
    previews: list[dict[str, Any]] = field(default_factory=list)
    labels: dict[int, set[str]] = field(default_factory=dict)
    dispatched: list[str] = field(default_factory=list)
    approved: list[int] = field(default_factory=list)
    may_open: bool = True
    is_private: bool = False
    site: str | None = f"https://{HOME.partition('/')[0]}.example/review/"
    tokens: list[tuple[str, str | None]] = field(default_factory=list)

    def open_pull(self, head: str, sha: str, files: tuple[str, ...], owner: str = "small") -> dict[str, Any]:
        number = len(self.pulls) + 11
        pull = {
            "number": number,
            "html_url": f"https://github.example/{HOME}/pull/{number}",
            "head": {"ref": head, "sha": sha, "label": f"{owner}:{head}", "repo": {"full_name": f"{owner}/review"}},
            "files": [{"filename": name, "status": "added"} for name in files],
        }
        self.pulls.append(pull)
        return pull

    def keep_preview(self, artefact: int, commit: str, files: dict[str, bytes], is_fork: bool = False) -> None:
        self.hand_over(artefact, files)
        run = {"repository_id": 1, "head_repository_id": 2 if is_fork else 1, "head_sha": commit}
        self.previews.append({"id": artefact, "name": "preview", "expired": False, "workflow_run": run})

    def hand_over(self, run: int, files: dict[str, bytes]) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        self.artefacts[run] = stream.getvalue()


class Server(ThreadingHTTPServer):
    """Serves `repository` at /api, and artefacts from another host, as GitHub does."""

    def __init__(self, repository: Repository) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repository = repository
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_arguments: object) -> None:
        pass

    def _answer(self, status: int, body: Any = None) -> None:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        held = self.server.repository
        held.tokens.append((parts.path, self.headers.get("Authorization")))
        if parts.path.startswith("/blob/"):
            self._answer(200, held.artefacts[int(parts.path.rpartition("/")[2])])
            return
        assert parts.path.startswith(f"/repos/{HOME}")
        path = parts.path.removeprefix(f"/repos/{HOME}")
        route = f"{self.command} {re.sub('[0-9]+', 'N', path)}"
        numbers = [int(number) for number in re.findall(r"\d+", path)]
        answers = {
            "GET ": lambda: (200, {"html_url": f"https://github.example/{HOME}", "private": held.is_private}),
            "GET /pages": lambda: (200, {"html_url": held.site}) if held.site else (404, {"message": "Not Found"}),
            "GET /pulls": lambda: (200, [pull for pull in held.pulls if self._is_asked_for(pull, query)]),
            "POST /pulls": lambda: self._open(body),
            "PATCH /pulls/N": lambda: (200, self._pull(numbers[0]).update(body) or self._pull(numbers[0])),
            "GET /pulls/N": lambda: (200, self._pull(numbers[0])),
            "GET /pulls/N/files": lambda: (200, self._files(numbers[0], query)),
            "GET /pulls/N/comments": lambda: (200, self._page(held.line_comments, query)),
            "DELETE /pulls/comments/N": lambda: self._delete(numbers[0]),
            "POST /pulls/N/reviews": lambda: self._review(body),
            "GET /issues/N/comments": lambda: (200, self._page(held.comments.get(numbers[0], []), query)),
            "POST /issues/N/comments": lambda: self._comment(numbers[0], body),
            "POST /issues/N/labels": lambda: (
                200,
                held.labels.setdefault(numbers[0], set()).update(body["labels"]) or [],
            ),
            "PATCH /issues/comments/N": lambda: self._edit(numbers[0], body),
            "GET /actions/runs/N/artifacts": lambda: (200, self._artefacts(numbers[0])),
            "GET /actions/artifacts": lambda: (200, {"artifacts": held.previews}),
            "POST /actions/runs/N/approve": lambda: (201, held.approved.append(numbers[0]) or {}),
            "POST /actions/workflows/check.yml/dispatches": lambda: (204, held.dispatched.append(body["ref"])),
        }
        if route == "GET /actions/artifacts/N/zip":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_port}/blob/{numbers[0]}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif route in answers:
            self._answer(*answers[route]())
        else:
            self._answer(404, {"message": "Not Found"})

    do_GET = do_POST = do_PATCH = do_DELETE = _handle  # noqa: N815

    def _is_asked_for(self, pull: dict[str, Any], query: dict[str, str]) -> bool:
        return "head" not in query or pull["head"]["label"] == query["head"]

    def _pull(self, number: int) -> dict[str, Any]:
        return next(pull for pull in self.server.repository.pulls if pull["number"] == number)

    def _page(self, entries: list[Any], query: dict[str, str]) -> list[Any]:
        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
        return entries[(page - 1) * size : page * size]

    def _files(self, number: int, query: dict[str, str]) -> list[Any]:
        pull = self._pull(number)
        if pull.get("pushed"):  # while the job looked
            pull["head"]["sha"] = pull["pushed"]
        return self._page(pull["files"], query)

    def _open(self, body: dict[str, Any]) -> tuple[int, Any]:
        held = self.server.repository
        if not held.may_open:
            return 403, {"message": "GitHub Actions is not permitted to create or approve pull requests."}
        assert len(body["body"]) <= 65_536
        pull = held.open_pull(body["head"], "0" * 40, ())
        pull.update(base=body["base"], title=body["title"], body=body["body"])
        return 201, pull

    def _comment(self, number: int, body: dict[str, Any]) -> tuple[int, Any]:
        assert len(body["body"]) <= 65_536
        found = self.server.repository.comments.setdefault(number, [])
        comment = {"id": 1000 * number + len(found), "user": {"login": BOT}, "body": body["body"]}
        found.append(comment)
        return 201, comment

    def _edit(self, comment_id: int, body: dict[str, Any]) -> tuple[int, Any]:
        comment = next(each for each in self.server.repository.comments[comment_id // 1000] if each["id"] == comment_id)
        comment["body"] = body["body"]
        return 200, comment

    def _review(self, body: dict[str, Any]) -> tuple[int, Any]:
        held = self.server.repository
        if any(comment["line"] > 900 for comment in body["comments"]):
            return 422, {"message": "Unprocessable Entity", "errors": ["Line could not be resolved"]}
        for comment in body["comments"]:
            assert comment.get("start_line", 0) < comment["line"]
            held.line_comments.append({"id": 7000 + len(held.tokens), "user": {"login": BOT}, **comment})
        return 200, {"id": 1}

    def _delete(self, comment_id: int) -> tuple[int, Any]:
        held = self.server.repository
        held.line_comments = [each for each in held.line_comments if each["id"] != comment_id]
        return 204, None

    def _artefacts(self, run: int) -> dict[str, Any]:
        found = [{"id": run, "name": "desk", "expired": False}] if run in self.server.repository.artefacts else []
        return {"total_count": len(found), "artifacts": found}


def save_event(folder: Path, event: dict[str, Any]) -> Path:
    """A file that holds an event as GitHub hands it to a job; it knows the repository, as every event does."""
    path = folder / "event.json"
    repository = {"full_name": HOME, "default_branch": "main", "private": False}
    path.write_text(json.dumps({"repository": repository, **event}), encoding="utf-8")
    return path
