"""The names of months as dates spell them, in English and in seven languages near it, and dates turned into English."""

from __future__ import annotations

import re

_ENGLISH = {
    name: month
    for month, names in {
        "January": "januar janvier enero gennaio janeiro januari",
        "February": "februar février febrero febbraio fevereiro februari",
        "March": "märz mars marzo março maart",
        "April": "avril abril aprile",
        "May": "mai mayo maggio maio mei maj",
        "June": "juni juin junio giugno junho",
        "July": "juli juillet julio luglio julho",
        "August": "août agosto augustus augusti",
        "September": "septembre septiembre settembre setembro",
        "October": "oktober octobre octubre ottobre outubro",
        "November": "novembre noviembre novembro",
        "December": "dezember décembre diciembre dicembre dezembro",
    }.items()
    for name in names.split()
}
"""The months of German, French, Spanish, Italian, Portuguese, Dutch, Swedish and Danish that English spells otherwise
(Unicode CLDR, months in dates); no name is one month here and another there."""
_FOREIGN = "|".join(_ENGLISH)
MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    rf"|nov(?:ember)?|dec(?:ember)?|{_FOREIGN})\.?"
)
DAY = r"\d{1,2}(?:st|nd|rd|th|er|\.|º)?"
"""The number of a day before its month."""
_FOREIGN_DATE = re.compile(rf"(\d{{1,2}})(?:\.|º|er)?\s+(?:de\s+)?({_FOREIGN})(?:\s+del?)?(?=\s+\d)", re.I)


def in_english(text: str) -> str:
    """A text whose dates have English months ("3 de mayo de 2024" is "3 May 2024"), for parsers that know no others."""
    return _FOREIGN_DATE.sub(lambda found: f"{found[1]} {_ENGLISH[found[2].lower()]}", text)
