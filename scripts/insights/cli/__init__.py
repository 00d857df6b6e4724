"""The `insights` command. Each sub-command is a module of this package, imported only when it is called.

Exit codes: 0 clean, 1 findings, 2 usage or run error, 130 interrupted.
"""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass
from importlib import import_module
from keyword import iskeyword

import click

from insights.errors import InsightsError
from insights.text import nearest, spelt_out

# Command → what it does, in the order of the work. To add one: a line here, and cli/<command>.py with a click
# command or group of that name.
COMMANDS = {
    "new": "Begin an article: a draft with its front matter.",
    "ingest": "Turn pages, pasted text and documents into articles.",
    "import": "Move a whole publication in: WordPress, Ghost, Substack, Jekyll, Hugo …",
    "export": "Move the whole publication out, for another system.",
    "check": "List what is wrong in content/, and how to mend it.",
    "desk": "Answer pull requests: submissions, drops in the inbox, comments.",
    "related": "Rank the related articles of each article.",
    "tags": "Suggest tags, find those that need care, merge two.",
    "build": "Build the site, its feeds and its newsletters into site/.",
    "serve": "Preview the site with live reload.",
    "feeds": "Tell subscribers' hubs which feeds have changed.",
    "newsletter": "Draft, check, preview and send newsletters.",
    "schema": "Print the JSON Schema of an article's front matter.",
}


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command returns if nothing is left to do in its process; it holds what the command has loaded.

    `main` then ends the process at once: to give all that back piece by piece takes a tenth of a short build.
    """

    loaded: object


class _LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called: `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        module = import_module(f"insights.cli.{name}")
        command: click.Command = getattr(module, name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        close = nearest(args[0], COMMANDS)
        if args[0] not in COMMANDS and close:
            ctx.fail(f'There is no command "{args[0]}". Did you mean "{close}"?')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="insights")
def insights() -> None:
    """Publish insights from one git repository: ingest, check, build, send."""


def main() -> None:
    """Runs the command line, and turns what stops it into one clear message and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a letter that the terminal cannot show is no reason to stop
    try:
        result = insights.main(standalone_mode=False)
        if isinstance(result, Finished):
            sys.stdout.flush()
            os._exit(0)
        sys.exit(result or 0)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        told = io.StringIO()
        error.show(told)
        click.echo(spelt_out(told.getvalue()), err=True, nl=False)
        sys.exit(2)
    except InsightsError as error:
        click.echo(spelt_out(str(error)), err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        from insights.workers import end_workers

        end_workers()
        click.echo("Interrupted.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; nothing is left to say, not even at shutdown.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as error:
        where = error.filename or "writing"
        fix = "check the folder's rights and the disk"
        click.echo(spelt_out(str(InsightsError(str(where), error.strerror or str(error), fix))), err=True)
        sys.exit(2)
