"""Shows `code` in our own sentences as code on a page.

In: text with Markdown's backticks (CommonMark, section 6.1). Out: HTML with `<code>` elements. Everything else is
escaped, so a sentence may quote whatever a client has sent.
"""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def code_spans(text: str) -> SafeString:
    """The text as HTML in which each pair of backticks marks code; a single backtick stays as it is."""
    pieces = re.split(r"`([^`]+)`", text)
    prose, code = pieces[::2], pieces[1::2]
    return format_html_join(
        "", "{}{}", zip(prose, [*(format_html("<code>{}</code>", each) for each in code), ""], strict=True)
    )
