"""Chromium as the tests start it."""

from browsing import CHROMIUM, QUIET


def start(playwright, *arguments):
    own = {"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {}
    return playwright.chromium.launch(args=[*QUIET, *arguments], **own)
