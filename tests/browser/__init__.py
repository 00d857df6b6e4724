"""The reading site in a real headless Chromium, on a strict host."""
