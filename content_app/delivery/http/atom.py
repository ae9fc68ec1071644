"""What all Atom (RFC 4287) has in common: its namespace, its media type, and text that XML can hold.

In: text. Out: text. No Django, no database.
"""

import re

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
# What cannot stand in a document even when escaped (XML 1.0, section 2.2).
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text, with a replacement character for each that XML cannot hold."""
    return NOT_XML.sub("\ufffd", text)
