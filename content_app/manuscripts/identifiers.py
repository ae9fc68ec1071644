"""Identifiers of works as people paste them, brought into the one form that is stored and compared.

In: text. Out: a DOI without its resolver (DOI Handbook 2.2: `10.` prefix, slash, suffix; letter case does not count), a
PubMed identifier as its number, the essence of a web address. What is none of these comes back as it was. No Django.
"""

import re
from urllib.parse import unquote, urlsplit

RESOLVER = re.compile(r"^(?:doi:\s*|(?:https?://)?(?:dx\.)?(?:www\.)?doi\.org/)+", re.IGNORECASE)
PUBMED = re.compile(
    r"^(?:pmid:?\s*|(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov/|www\.ncbi\.nlm\.nih\.gov/pubmed/))0*(\d+)/?$",
    re.IGNORECASE,
)
TRAILING = ".,;:"


def normal_doi(text: str) -> str:
    """`10.1000/abc` for `https://doi.org/10.1000/ABC.`: without resolver, label, escapes; in lower case."""
    stripped = text.strip()
    bare = RESOLVER.sub("", stripped)
    if not bare.startswith("10."):
        return stripped
    return (unquote(bare) if bare != stripped else bare).rstrip(TRAILING).casefold()


def normal_pmid(text: str) -> str:
    """`123` for `PMID: 0123` or its address at PubMed."""
    found = PUBMED.match(text.strip())
    return found[1] if found else text.strip()


def identifier_in(text: str) -> tuple[str, str] | None:
    """The identifier that a pasted text is, with the name of its field: ("doi", "10.1000/abc"). None if it is none."""
    doi, found = normal_doi(text), PUBMED.match(text.strip())
    if doi.startswith("10.") and "/" in doi and " " not in doi:
        return "doi", doi
    if found or re.fullmatch(r"\d{5,9}", text.strip()):
        return "pmid", normal_pmid(text)
    return None


def essence_of_address(text: str) -> str:
    """What two addresses of one page have in common: no scheme, `www.`, fragment or slash at the end."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return text.strip()
    host = parts.netloc.casefold().removeprefix("www.")
    return host + parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
