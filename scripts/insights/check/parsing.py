"""The rules that reading a file applies: what front matter may hold, and what a file must be.

They are found by `frontmatter`, `article` and `store`; here they have their summary and examples.
"""

from __future__ import annotations

from insights.check.rules import Rule
from insights.model import Level

GROUP = "Front matter"
FILES = "Files"

PARSING_RULES = (
    Rule(
        "front-matter-missing", FILES, Level.ERROR, "A file begins with its front matter.",
        "The first paragraph.", "---\ntitle: A headline\n---\nThe first paragraph.",
    ),
    Rule(
        "front-matter-open", FILES, Level.ERROR, "Front matter ends with a line ---.",
        "---\ntitle: A headline\n\nThe first paragraph.", "---\ntitle: A headline\n---\nThe first paragraph.",
    ),
    Rule(
        "front-matter-invalid", GROUP, Level.ERROR, "Front matter is YAML: a value with a colon stands in quotes.",
        "description: Queues: why they grow", 'description: "Queues: why they grow"',
    ),
    Rule(
        "field-unknown", GROUP, Level.WARNING, "Front matter has the fields of the schema, and no other.",
        "topics: Operations", "topic: Operations",
    ),
    Rule(
        "field-invalid", GROUP, Level.ERROR, "A field holds what its type says: a date, a list, true or false.",
        "date: yesterday", "date: 2026-03-28",
    ),
    Rule(
        "field-steering", GROUP, Level.WARNING, "A field has no characters that turn or hide text.",
        'title: "Tea \\u202egnp.exe"', "title: Tea",
    ),
    Rule("field-missing", GROUP, Level.ERROR, "An article has a title.", "title:", "title: A headline"),
    Rule(
        "date-missing", GROUP, Level.ERROR, "An article that is no draft has a date.",
        "date:", "date: 2026-03-28",
    ),
    Rule(
        "topic-missing", GROUP, Level.ERROR, "An article that is no draft has a topic.",
        "topic:", "topic: Operations",
    ),
    Rule(
        "draft-incomplete", GROUP, Level.WARNING, "A draft tells what keeps it off the site.",
        "draft: true\ntopic:", "draft: true\ntopic: Operations",
    ),
    Rule(
        "slug-invalid", FILES, Level.ERROR, "A file's name is its address: small letters, digits and hyphens.",
        "content/insights/My Article.md", "content/insights/my-article.md",
    ),
    Rule(
        "slug-file", GROUP, Level.ERROR, "A slug is the file's name; leave the field out.",
        "slug: another-name", "title: A headline",
    ),
    Rule(
        "slug-duplicate", FILES, Level.ERROR, "No two articles have one address.",
        "two files with `slug: queues`", "one address for each",
    ),
    Rule(
        "name-reserved", FILES, Level.ERROR, "Every machine can hold a file of this name.",
        "content/assets/aux.png", "content/assets/desk.png",
    ),
    Rule(
        "name-clash", FILES, Level.ERROR, "No two names differ by case alone, or by how letters are coded.",
        "content/assets/Desk.png beside desk.png", "content/assets/desk-at-night.png beside desk.png",
    ),
    Rule("body-empty", FILES, Level.ERROR, "An article has text.", "---\ntitle: A headline\n---", "…\n---\nText."),
    Rule("file-empty", FILES, Level.ERROR, "A file holds an article.", "an empty file", "an article"),
    Rule(
        "file-binary", FILES, Level.ERROR, "An article is text; a Word file goes into content/inbox.",
        "content/insights/report.md, which is a Word file", "content/inbox/report.docx",
    ),
    Rule("file-link", FILES, Level.ERROR, "A file is no link to what lies elsewhere.", "a link to /etc", "a file"),
    Rule("file-encoding", FILES, Level.ERROR, "A file is saved as UTF-8.", "a file in Latin-1", "a file in UTF-8"),
    Rule("file-size", FILES, Level.ERROR, "A file is smaller than 5 MB.", "a book", "an article"),
    Rule("file-unreadable", FILES, Level.ERROR, "A file may be read.", "a file without rights", "a readable file"),
    Rule(
        "tags-invalid", FILES, Level.ERROR, "content/tags.yml is a list of tags, each with its name.",
        "- slug: queues", "- name: queues",
    ),
)  # fmt: skip
