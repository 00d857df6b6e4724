"""`python -m insights`: the same as the `insights` command."""

from insights.cli import main

main()
