"""Where and when a document is read: one for every face, so that each says the same of a release and of a day.

In: the server, the release that the read is answered from, the day. Out: addresses that follow from it. No Django.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode


@dataclass(frozen=True)
class Place:
    """Where and when documents are read, whatever the form. `base` is the server, without a slash at its end.

    A pinned reader named the release. Without `today`, where the answer must not depend on the day, nothing is called
    overdue. `published_at` is when the release was published (RFC 3339), where that is told.
    """

    base: str
    release: int
    is_pinned: bool
    today: date | None
    published_at: str = ""

    def link(self, address: str, **query: str) -> str:
        """An address of this server, relative to it, in the release that the reader named."""
        wanted = query | ({"release": str(self.release)} if self.is_pinned else {})
        return f"{address}?{urlencode(wanted)}" if wanted else address

    def absolute(self, address: str, **query: str) -> str:
        """The same with the server before it."""
        return self.base + self.link(address, **query)
