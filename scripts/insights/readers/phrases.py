"""The page's own voice: what authors of pages call its parts, and what these parts say.

Names are matched as written (`post-meta`, `related_posts`), phrases against the whole text of a short block. What a
block says (NOISE_TEXT, DISCLOSURE, AFFILIATE, FIRST_PERSON) is looked for in small letters, which takes half the time
of telling no case. What follows from a match, `boilerplate` decides.
"""

from __future__ import annotations

import re

from insights.readers import phrases_abroad

NOISE_NAMES = re.compile(
    r"(?<![a-z])(?:about[-_]?(?:the[-_]?)?(?:author|writer)"
    r"|author[-_]?(?:bio|box|card|info|section|block|profile|desc|detail|about|wrap|container|text|meta|name|area)"
    r"|(?:post|article|single|entry|content|story|blog)[-_]{0,2}(?:author|contributor|byline|meta|tags?|topics|share"
    r"|date)(?![a-z])"
    r"|contributor|byline|dateline|timestamp|(?:publish|posted|update|modified)[a-z]*[-_]?(?:on|date|time|dates|at)(?![a-z])"
    r"|read(?:ing)?[-_]?time|newsletter|subscri(?:be|ption)|sign[-_]?up|opt[-_]?in|lead[-_]?(?:form|magnet|gen)"
    r"|related|recirc|recommend(?:ed|ations)|more[-_]?(?:from|stories|posts|articles|news|in|on)(?![a-z])"
    r"|read[-_]?(?:more|next|also)|trending|most[-_]?(?:read|popular)|popular|also[-_]?like|you[-_]?may|suggested"
    r"|up[-_]?next"
    r"|(?:next|prev(?:ious)?)[-_]?(?:post|article|story)|(?:post|article)[-_]?nav|nav[-_]?(?:prev|next|links)|path-nav"
    r"|breadcrumbs?|crumbs?(?![a-z])|shar(?:e|ing)(?![a-z])|share[-_]?(?:bar|buttons?|links?|tools?)|sharedaddy|social"
    r"|cta(?![a-z])|call[-_]?to[-_]?action|promo|advert|ad[-_]?(?:slot|unit|container|wrapper|label|block)|sponsor"
    r"|comments?(?![a-z])|kommentare?|commentaires?|comentarios?|autorbox|lesezeit|compartir|partage(?![a-z])|kicker"
    r"|eyebrow|respond(?![a-z])|disqus|tags?[-_]?(?:list|links|cloud|items?)|pagination|pager(?![a-z])"
    r"|toc(?![a-z])|table[-_]?of[-_]?contents?|rating|poll(?![a-z])|survey|quiz|audio[-_]?player|paywall|cookie|consent"
    r"|popup|modal|disclaimer|disclosure|copyright|page[-_]?metadata|attachments(?![a-z])|donat(?:e|ion)|jump[-_]?(?:to|link)|skip[-_]?link|print[-_]?only)",
    re.I,
)
CONTENTS = re.compile(r"toc(?![a-z])|contents?", re.I)
"""A table of contents holds links; what is only called one holds the sections themselves."""
_DATE = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\s+)?"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?"
    r"|\d{1,2}\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,?\s+\d{4}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
)
BYLINE_WORDS = re.compile(
    rf"\b(?:written|posted|published|updated|submitted|by|and|on|in|at|{phrases_abroad.BYLINE_WORDS}"
    r"|\d{1,3} min(?:ute)?s?(?: read)?)\b|" + _DATE,
    re.I,
)
NOISE_TEXT = re.compile(
    r"^\W*(?:"
    r"advertise?ments?|advertising|ad|sponsored(?: content)?|(?:article|story|page|advertisement"
    r"|content)\W+(?:page )?continues below.*"
    r"|(?:share|tweet|pin|print|e-?mail|save|like|copy link|bookmark|facebook|twitter|linkedin|whatsapp|pinterest"
    r"|reddit|x|sms"
    r"|flipboard|telegram|pocket|close|menu|search|prev(?:ious)?|reply|comments?|views?|shares?|likes?|\d+|·|\||\s)+"
    r"|(?:share|tweet|print|e-?mail|pin) (?:this|it|on|via|to|the)\b.{0,60}|share:?"
    r"|(?:this (?:post|article|page|story|guide|entry) was )?(?:last |first |originally )?"
    r"(?:updated|published|posted|modified|reviewed|edited|post(?:ing)? (?:time|date))(?: (?:on|at|in))?:?\s*(?:"
    + _DATE
    + r")?.{0,25}"
    r"|(?:" + _DATE + r")(?:[\s,|•·-]+(?:at )?\d{1,2}[:.]\d\d\s*(?:[ap]\.?m\.?)?.{0,12})?"
    r"|posted by .{1,60}\b(?:on|at) (?:" + _DATE + r").{0,20}"
    r"|created by .{0,60}\b(?:modified|updated) (?:on|at) (?:" + _DATE + r").{0,20}"
    r"|.{1,60}[|•·]\s*\d+ min(?:ute)?s?(?: read)?"
    r"|(?:reading time:?\s*)?\d+\s*min(?:ute)?s?(?: read)?|reading time.{0,20}"
    r"|(?:photo|image|picture|featured image|photograph|illustration|video|screenshot)s?\s*(?:credits?|courtesy|by"
    r"|source|:|/).{0,100}"
    r"|(?:photo|image) (?:used|via|from)\b.{0,80}|credits?:.{0,80}|getty images|(?:show|hide|view) (?:caption|all"
    r"|more|less|comments?)"
    r"|(?:leave|post|add|write) a (?:comment|reply).{0,20}|no comments.{0,30}|\d+ (?:comments?|replies|shares|views"
    r"|likes)"
    r"|back to (?:the )?top.{0,40}|(?:table of )?contents?|in this (?:article|post|story|guide)|on this page"
    r"|jump to.{0,60}|skip to.{0,40}|continue reading.{0,40}"
    r"|(?:posted|filed) (?:in|under).{0,120}|tag(?:s|ged)\b.{0,120}|topics?|categor(?:y|ies).{0,60}|loading"
    r"|(?:copyright|©|\(c\)).{0,150}|.{0,80}all rights reserved.{0,60}"
    r"|subscribe(?: (?:now|today|here|to)\b.{0,100})?|sign up(?: (?:now|today|here|for|to)\b.{0,100})?|log ?in|register"
    r"|follow (?:us|me|him|her|them|along|the author|@).{0,100}|like us on.{0,60}|join (?:us|our|the) (?:on"
    r"|newsletter|mailing|community|conversation|discussion).{0,80}"
    r"|click here(?: (?:to|for)\b.{0,80})?|learn more|read more|see more|read next|up next|more info"
    r"|download(?: now)?|shop now|buy now|get started"
    r"|(?:related|recommended|similar)(?: (?:posts?|articles?|content|stories|reading|links|topics|news|coverage"
    r"|resources))?"
    r"|(?:you (?:may|might) (?:also )?(?:like|enjoy|be interested).{0,60})|(?:don.t|never) miss.{0,80}"
    r"|(?:enter|your) e-?mail(?: address)?.{0,60}|view all (?:articles|posts|stories).{0,40}|thank you!?|no spam.{0,40}"
    r"|\[\w+(?: \w+=\S+)+\]"
    r"|(?:this (?:article|post|story|piece|guide) was )?(?:originally )?(?:written|reviewed|edited|fact.checked) by"
    r".{0,60}|.{3,60} contributed to this (?:article|content|post|report|story)"
    r"|about the (?:author|contributor|writer)s?(?::.*)?"
    r"|.{0,50}\bsubscribe to (?:the|our|my)\b.{0,30}\bnewsletter.{0,20}"
    rf"|{phrases_abroad.NOISE})\W*$",
)
POINTER = re.compile(
    r"^\W*(?:read(?: more| next| also| the full| our full| on)?|see(?: also| more)?|also (?:read|see|check)|related"
    r"|more(?: on| from| about)?|recommended|watch|listen|check out|you (?:may|might) also|don.t miss|up next"
    rf"|further reading|{phrases_abroad.POINTERS})\b",
    re.I,
)
DISCLOSURE = re.compile(
    r"\b(?:affiliate marketer|earn (?:a (?:small )?)?commissions?|independently (?:selected|reviewed)"
    r"|receive (?:automated|recurring)|terms of (?:use|service) and privacy|privacy policy and terms"
    r"|unsubscribe at any time"
    r"|you agree to (?:our|the|receive)|registered trademarks? of|trademarks? owned by"
    r"|all rights reserved|has no position in any of the stocks"
    r"|(?:views|opinions)(?: and (?:views|opinions))? expressed\b.{0,120}\b(?:not necessarily|do(?:es)? not|those of"
    r"|their own))\b",
)
DISCLOSING = (
    "affiliate", "commission", "independently", "receive", "terms of", "privacy", "unsubscribe", "you agree",
    "trademark", "rights reserved", "no position", "expressed",
)  # fmt: skip
"""Words without which no text matches DISCLOSURE or AFFILIATE: they are found in a tenth of the time."""
AFFILIATE = re.compile(r"\baffiliate (?:links?|commissions?)\b")
FIRST_PERSON = re.compile(r"\b(?:we|i|my|our|this (?:post|article|page|site|blog)|are used)\b")
"""Who speaks of affiliate links as their own discloses something; prose on the subject does not."""
TAIL_HEADING = re.compile(
    r"^\W*+(?:(?:related|recommended|similar|popular|recent|latest|trending|more|other|further|additional)\b.{0,40}"
    r"(?:posts?|articles?|content|stories|reading|links|topics|news|coverage|resources|insights|guides|from .{1,30}"
    r"|series).{0,20}"
    r"|more (?:from|on|in|about)\b.{0,40}|you (?:may|might) (?:also )?(?:like|enjoy|be interested).{0,40}"
    r"|read (?:more|next|also)"
    r"|keep reading|up next|what.s next\??|what others are reading"
    r"|share this.{0,30}|share|comments?|leave a (?:comment|reply)|\d+ comments?.{0,60}|subscribe.{0,60}|sign up.{0,60}"
    r"|(?:join|get) (?:our|the) (?:newsletter|mailing).{0,40}|newsletter|follow us.{0,30}|discover more(?: from .*)?"
    r"|others also (?:viewed|read)|paid content|suggested topics|explore (?:more )?topics|insights from the community"
    r"|editors?.{0,2} picks?|most (?:read|popular|viewed)"
    r"|contact us|tags|categories|about the (?:author|contributor|writer)s?|meet the (?:author|writer)s?"
    rf"|{phrases_abroad.TAIL_HEADINGS})\W*$",
    re.I,
)
