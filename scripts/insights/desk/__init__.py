"""The desk around the rules: it reads content/, remembers sheets, asks git what changed, mends files, and answers pull
requests. The rules themselves are in `check` and know nothing of all this."""
