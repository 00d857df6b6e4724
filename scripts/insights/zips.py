"""What Python raises where a zip cannot be read: it is damaged or cut off, has a password, or is packed in a way that
is not known (a kind of RuntimeError)."""

from __future__ import annotations

import zlib
from lzma import LZMAError
from zipfile import BadZipFile

UNREADABLE = (BadZipFile, zlib.error, LZMAError, EOFError, KeyError, OSError, RuntimeError, ValueError)
