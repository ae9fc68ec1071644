"""Where and when a document is read, and the addresses that follow from it.

In: the server, the release that the read is answered from, the day. Out: links and dates in words. No Django.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode, urlsplit


@dataclass(frozen=True)
class Place:
    """`base` has no slash at its end. A pinned reader named the release. Without `today` nothing is called overdue."""

    base: str
    release: int
    is_pinned: bool
    today: date | None

    def link(self, address: str, **query: str) -> str:
        """An address of this server, relative to it, in the release that the reader named."""
        wanted = query | ({"release": str(self.release)} if self.is_pinned else {})
        return f"{address}?{urlencode(wanted)}" if wanted else address

    def absolute(self, address: str, **query: str) -> str:
        """The same with the server before it."""
        return self.base + self.link(address, **query)


def day(text: str) -> str:
    """A day, or the day of an instant (ISO 8601), in words: 3 November 2027."""
    found = date.fromisoformat(text[:10])
    return f"{found.day} {found:%B %Y}"


def web_address(address: str | None) -> str | None:
    """The address if it leads to the web; None for any other, so that no page links to a script or a file."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def doi_address(doi: str) -> str:
    """Where a DOI resolves."""
    return f"https://doi.org/{quote(doi, safe='/:;()._-')}"


def pubmed_address(pmid: str) -> str:
    """Where PubMed shows an article."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{quote(pmid, safe='')}/"
