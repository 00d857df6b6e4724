"""The page of rules, generated from the rules themselves."""

from __future__ import annotations

import re

from insights.check import RULES
from insights.check.rules import Rule

_INTRODUCTION = """\
# The rules of `insights check`

<!-- Written by `insights schema rules > docs/rules.md`; a test compares. -->

An **error** fails the check, a **warning** under `--strict`, **advice** never. A publication sets levels in
`mkdocs.yml`:

```yaml
plugins:
  insights:
    check:
      levels: {link-text: error, title-case: ignore}
```

One article sets a rule aside with a note in its body, which says why; readers do not see it:

```markdown
<!-- check: ignore link-text: the phrase is the subject -->
```
"""


def rules_page() -> str:
    """The page as Markdown: each group of rules, each rule with its level and a bad and a good example."""
    groups: dict[str, list[Rule]] = {}
    for rule in RULES.values():
        groups.setdefault(rule.group, []).append(rule)
    parts = [_INTRODUCTION]
    for group, rules in groups.items():
        parts.append(f"## {group}\n")
        parts += [_section(rule) for rule in sorted(rules, key=lambda rule: rule.id)]
    return "\n".join(parts)


def _section(rule: Rule) -> str:
    head = f"### `{rule.id}` ({rule.level})\n\n{rule.summary}"
    return f"{head}\n\nNot so:\n\n{_shown(rule.bad)}\n\nBut so:\n\n{_shown(rule.good)}\n"


def _shown(example: str) -> str:
    example = example if len(example) <= 300 else f"{example[:300].rstrip()} …"
    visible = re.sub("[\u00a0\u00ad]", lambda match: f"⟨U+{ord(match[0]):04X}⟩", example.rstrip())
    fence = "````" if "```" in visible else "```"
    return f"{fence}\n{visible}\n{fence}"
