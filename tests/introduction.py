"""The introduction that the documentation opens with, and the code in it, as readers see it."""

import re

from django.conf import settings

TEXT = settings.SPECTACULAR_SETTINGS["DESCRIPTION"]
LINKS = sorted(set(re.findall(r"\]\((/[^)]*)\)", TEXT)))


def code_with(mark: str) -> str:
    """The one block of code that holds this."""
    (found,) = (block for block in re.findall(r"```python\n(.*?)```", TEXT, re.S) if mark in block)
    return found
