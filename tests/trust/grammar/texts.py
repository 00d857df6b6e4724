"""What is hostile before it is HTML: Markdown, templates, fields, names, bare addresses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, product

from trust.grammar.markup import CALLS, SCHEMES

_TRICKS = (
    "text\n{{: {0} }}",
    "## Heading {{: {0} id=page__main }}",
    "[x](y){{: {0} }}",
    "![x](y){{ {0} }}",
    "`code`{{: {0} }}",
    "> quote\n{{: {0} }}",
    "- entry\n{{: {0} }}",
    "| a | b |\n| --- | --- |\n| 1 {{: {0} }} | 2 |",
    "``` {{ .html {0} }}\nx\n```",
    '```html {0} title="{0}"\nx\n```',
    '<div markdown="1" {0}>\n**x**\n</div>',
    '<div markdown="block" {0}>\n\n<p markdown {0}>x</p>\n\n</div>',
    "x[^n]\n\n[^n]: note {{: {0} }}",
    'HTML\n\n*[HTML]: " {0} x="',
    "Term\n:   meaning {{: {0} }}",
    '!!! note "{0}"\n    x',
    '??? "\\" {0}"\n    x',
    '[x](y "\\" {0} ")',
    '![" {0} x="](y)',
    "[x]: y '\" {0} '\n\n[x]",
    '<x@example.org" {0}>',
    "~~x~~{{: {0} }}",
    "- [x] task {{: {0} }}",
    "\x02wzxhzdk:0\x03 {0} \x02amp\x03",
)
_ATTRIBUTES = (
    "onclick=\"alert('§')\"",
    "onmouseover=alert('§')",
    'style="background:url(//canary.invalid/§)"',
    "href=\"javascript:alert('§')\"",
    "src=//canary.invalid/§ onerror=alert('§')",
    "srcdoc=\"<script>alert('§')</script>\"",
    'class="skip search-dialog" style=position:fixed;inset:0',
    "formaction=javascript:alert('§')",
    "onfocus=alert('§') tabindex=0 autofocus",
    "data-search=//canary.invalid/§ data-copy=x data-theme-switch",
    "is=x-canary slot=y part=z nonce=n",
)


def markdown() -> Iterator[str]:
    for trick, attribute in product(_TRICKS, _ATTRIBUTES):
        yield trick.format(attribute)


_TEMPLATES = (
    "{{ 7*7 }}", "{{ config }}", "{% include '/etc/passwd' %}", "{% raw %}", "{{ cycler.__init__.__globals__ }}",
    "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{constructor.constructor('alert(1)')()}}", "{%- import 'x' as y -%}", "{# x #}",
    "!!python/object/apply:os.system ['true']", "&a [*a, *a]", "--8<-- '/etc/passwd'", "$(touch /tmp/§)", "`id`",
    "../../../../etc/passwd", "..\\..\\x", "/etc/passwd", "C:\\con", "CON", "aux.md", "\u202egpj.exe",
    "x\r\nBcc: a@canary.invalid",
)  # fmt: skip


def templates() -> Iterator[str]:
    for template, runner in product(_TEMPLATES, ("", "<script>alert('§')</script>", "\" onload=\"alert('§')", "§")):
        yield template + runner


def bare() -> Iterator[str]:
    """Addresses alone: in front matter they are those of pictures, links and sources."""
    calls = cycle(CALLS)
    for ending, start in product(("", "/../x.png", "?x.svg"), SCHEMES):
        yield start.format(next(calls)) + ending


_WRITTEN_SCHEMES = (
    "javascript:{0}", "javascript&colon;{0}", "javascript&#58;{0}", "javascript&#x3A;{0}", "&#106;avascript:{0}",
    "\\javascript:{0}", "java\\script:{0}", "java&NewLine;script:{0}", "java&#10;script:{0}", "java%0ascript:{0}",
    "javascript%3A{0}", "JAVASCRIPT&Colon;{0}", "jav&#x61;script\\:{0}", "<javascript:{0}>", " javascript:{0} ",
    "vbscript&colon;{0}", "data&colon;text/html,<script>{0}</script>",
    "data:text/html;base64,PHN2Zy9vbmxvYWQ9YWxlcnQoJ0AnKT4=", "x:javascript:{0}", "//javascript:{0}",
    "#javascript:{0}", "?javascript:{0}",
)  # fmt: skip
_LINKS = (
    "[x]({0})", "[x]( {0} )", "[x](<{0}>)", "[x]({0} 'title')", "[x][r§]\n\n[r§]: {0}", "[r§]\n\n[r§]: <{0}> 'title'",
    "[r§][]\n\n[R§]:\n  {0}", "![x][r§]\n\n[r§]: {0}", "<{0}>", "<{0} >", "{0}", "www.{0}", "<a@{0}>", "<mailto:{0}>",
    "[<b>x</b>]({0})", "[![x](y)]({0})", "[x\\]]({0})", "[a [b] c]({0})", "[`x`]({0})", "[x]({0})\n{{: title=y }}",
    "* [x]({0})", "> [x]({0})", "| [x]({0}) |\n| --- |\n| [x]({0}) |", "# [x]({0})", "x[^§]\n\n[^§]: [x]({0})",
    "Term\n:   [x]({0})", "!!! note \"[x]({0})\"\n    [x]({0})", "*[x]: {0}\n\nx",
)  # fmt: skip


def references() -> Iterator[str]:
    """Markdown's ways to a link, with each way to write a scheme."""
    calls = cycle(CALLS)
    for link, scheme in product(_LINKS, _WRITTEN_SCHEMES):
        yield link.format(scheme.format(next(calls)))


_FIELDS = (
    "{0}\r\nBcc: a@canary.invalid", "{0}\nSubject: x", "{0}\rTo: a@canary.invalid", "{0}%0d%0aSet-Cookie: a=b",
    "{0}\x0bBcc: x", "{0}\x85Bcc: x", "{0}\u2028Bcc: x", "=?utf-8?q?{0}=0D=0ABcc:_x?=",
    "=?utf-8?b?PHN2Zy9vbmxvYWQ9YWxlcnQoMSk+?= {0}", "\"{0}\" <a@canary.invalid>, b@canary.invalid",
    "<a@canary.invalid> {0}", "{0};charset=utf-7", "{0}\n---\ntitle: x", "{0}\n...\n%YAML 1.1",
    "!!python/name:os.system {0}", "!<tag:yaml.org,2002:js/function> {0}", "&a {0} *a", "*{0}", "? {0}\n: x", "| {0}",
    "> {0}", "[{0}", "{{{0}", "'{0}", '"{0}\\x00"', "- {0}", "{0}: {0}", "# {0}", "%TAG ! {0}", "@{0}", "`{0}", "~",
    "null", "0x41", "1e400", "2026-13-01", ".nan", "yes", "__proto__", "constructor", "title: {0}\ntitle: {0}",
    "<<: *{0}", "{0}]]>", "&x; {0}", "<![CDATA[{0}]]>", "<!ENTITY x '{0}'>", "{0}\u0000", "</mark>{0}",
    "<mark onmouseover=alert('§')>{0}</mark>", "<p data-pagefind-meta='url:javascript:alert(1)'>{0}</p>",
    "<p data-pagefind-filter='topic:{0}' data-pagefind-body>§</p>", "<!--<script>{0}", "\\u003c/script\\u003e{0}",
    "<a data-search=x data-copy=y data-theme-switch href=//canary.invalid/§>{0}</a>", '{0}", "@type": "x', "{0}\\",
    "{0}\\\"", "${{{{ github.event }}}} {0}", "::set-output name=x::{0}", "`id` {0}", "$(id) {0}", ";{0} #",
)  # fmt: skip
_VALUES = (
    "<script>alert('§')</script>", "<svg/onload=alert('§')>", "\" onload=alert('§') x=\"", "javascript:alert('§')", "§",
)  # fmt: skip


def fields() -> Iterator[str]:
    """What ends or bends a field: of YAML, an email's head, XML, JSON, the search's index, a workflow."""
    for field, value in product(_FIELDS, _VALUES):
        yield field.format(value)


_LETTERS = (
    "\u202e", "\u202d", "\u2066", "\u2069", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f",
    "\u061c", "\u180e", "\ufe0f", "\U000e0041", "\u0301" * 30, "\u0489", "\ufffc", "\ufffd", "\ud7ff", "\ue000",
    "\uff1c", "\uff0f", "\u2215", "\u2024", "\u017f", "\u212a", "\u0131", "\u2126", "\ufb01", "\U0001f600",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u0600", "\u202a\u202b\u202c", "\ufdd0", "\U0001fffe",
)  # fmt: skip
_WORDS = (
    "{0}script§", "§{0}gpj.exe", "a{0}dmin§", "../{0}..§", "<{0}svg/onload=alert('§')>",
    "\uff1cscript\uff1ealert{0}('§')\uff1c/script\uff1e", "\uff02 onload{0}=alert('§')",
)  # fmt: skip
_FILES = (
    "CON", "nul.md", "COM1", "a.", "a ", "a:b", "a*b", "a|b", ".git", ".htaccess", "_headers", "_redirects", "index",
    "404", "CNAME", "~", "-", "--help", "\u00b7", "%2e%2e", "%00", "..%2f..", "a" * 300,
)  # fmt: skip


def names() -> Iterator[str]:
    """Letters that turn around, hide, combine or fold into others, and names that mean something to a system."""
    for word, letter in product(_WORDS, _LETTERS):
        yield word.format(letter)
    for file in _FILES:
        yield from (file, f"{file}/§", f"§/../{file}")
