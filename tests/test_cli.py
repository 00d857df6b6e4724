"""The command line as a whole: what it lists, what it says of a mistake."""

import pytest
from click.testing import CliRunner

from insights.cli import COMMANDS, insights


def test_help_lists_every_command_in_the_order_of_the_work() -> None:
    lines = CliRunner().invoke(insights, ["--help"]).output.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in lines if line.strip() and line[2] != " "] == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(insights, [name, "-h"])
    assert result.exit_code == 0
    assert f"{name} " in result.output.splitlines()[0]


@pytest.mark.parametrize("name", ["desk", "feeds", "newsletter", "tags"])
def test_every_command_of_a_group_is_told_in_a_whole_sentence(name: str) -> None:
    listed = CliRunner().invoke(insights, [name, "-h"]).output.partition("Commands:\n")[2].splitlines()
    assert listed
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []


@pytest.mark.parametrize(("typed", "said"), [("chek", 'Did you mean "check"?'), ("zzz", "No such command 'zzz'.")])
def test_a_mistyped_command_is_answered_with_the_nearest(typed: str, said: str) -> None:
    result = CliRunner().invoke(insights, [typed])
    assert (result.exit_code, said in result.output) == (2, True)
