"""Days in words, and the addresses on the web that documents lead to.

In: days and identifiers as documents have them. Out: text, and addresses that are safe to link to. No Django.
"""

from datetime import date
from urllib.parse import quote, urlsplit


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
