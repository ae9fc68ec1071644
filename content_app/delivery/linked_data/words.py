"""What things are called in linked data: identifiers of things, addresses of pages, words of vocabularies.

In: documents and codes of vocabularies. Out: IRIs and compact IRIs. Things (items, sources, statements, relations)
are `urn:uuid:…`, the same on every server and in FHIR; pages are addresses of this server; what schema.org and SKOS
have no word for is a word of ours, `amps:`, the same on every server too. Our vocabularies define them in Turtle.
"""

import re
import uuid
from typing import Any
from urllib.parse import quote

from content_app.vocabulary.addresses import href

Document = dict[str, Any]
NOT_IN_IRIS = re.compile(r'[\x00-\x20<>"{}|^`\\]')

# The library as a concept scheme: the same on every server, and not the FHIR code system, whose codes differ.
LIBRARY = "0f4a6d0e-7f0b-4d0c-9a35-6c1c5b5c2f0a"
OWN_WORDS = f"urn:uuid:{LIBRARY}#"  # what `amps:` stands for
SCHEMA = "https://schema.org/"
PREFIXES = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# How a coding relates to its item: the SKOS predicate from the item to the code. `none` is no relation.
SKOS_MATCHES = {
    "exact": "skos:exactMatch",
    "close": "skos:closeMatch",
    "broad": "skos:broadMatch",
    "narrow": "skos:narrowMatch",
    "related": "skos:relatedMatch",
}


def part(name: str) -> str:
    """The IRI of a thing without a UUID of its own, such as the publisher: made from its name (RFC 9562, version 5)."""
    return uuid.uuid5(uuid.UUID(LIBRARY), name).urn


# What a code is called on the web: the prefix that others use for its system, and what the prefix stands for. The WHO
# gives the codes of ICD-11 MMS no IRI of their own, so theirs are ours: none is invented in the name of somebody else.
CODE_PREFIXES = {
    "icd-10-cm": ("ICD10CM", "http://purl.bioontology.org/ontology/ICD10CM/"),
    "icd-10": ("ICD10", "http://purl.bioontology.org/ontology/ICD10/"),
    "icd-11-mms": ("icd11.mms", f"{part('icd-11-mms')}#"),
    "icd-11-foundation": ("icd11.foundation", "http://id.who.int/icd/entity/"),
    "mesh": ("mesh", "http://id.nlm.nih.gov/mesh/"),
    "hpo": ("HP", "http://purl.obolibrary.org/obo/HP_"),
    "mondo": ("MONDO", "http://purl.obolibrary.org/obo/MONDO_"),
    "orphanet": ("Orphanet", "http://www.orpha.net/ORDO/Orphanet_"),
    "snomed-ct": ("SCTID", "http://snomed.info/id/"),
    "umls": ("UMLS", "http://linkedlifedata.com/resource/umls/id/"),
}
# Types of names that name the same thing; the others are wordings by which it is looked for.
ALIASES = ("synonym", "abbreviation", "historical")
# Ways of putting a relation that claim it, if perhaps only as possible.
CLAIMED = ("asserted", "possible")


def urn(identifier: str) -> str:
    """The IRI of a thing with a UUID (RFC 9562)."""
    return f"urn:uuid:{identifier}"


def word(vocabulary: str, code: str) -> str:
    """A word of one of our vocabularies, such as `amps:aspects/red_flags`."""
    return f"amps:{vocabulary}/{code}"


def page_of(document: Document, base: str) -> str:
    """The address of the page about an item or a source."""
    return f"{base}{href(document['kind'], document['slug'])}"


def local_code(coding: Document) -> str:
    """The code without the prefix that HPO and Mondo write before it."""
    code: str = coding["code"]
    return code.rpartition(":")[2]


def code_curie(coding: Document) -> str:
    """The code as a compact IRI: `HP:0033850`, `ICD10CM:M79.7`."""
    return f"{CODE_PREFIXES[coding['system']][0]}:{quote(local_code(coding), safe='.')}"


def as_iri(address: str) -> str:
    """The address as an IRI: what cannot be in one is percent-encoded (RFC 3987, section 2.2)."""
    return NOT_IN_IRIS.sub(lambda found: f"%{ord(found.group()):02X}", address)


def code_iri(coding: Document) -> str:
    """The code as an IRI."""
    return f"{CODE_PREFIXES[coding['system']][1]}{quote(local_code(coding), safe='.')}"


def is_claimed(relation: Document) -> bool:
    """Whether a relation may be told without its qualifiers: not ambiguous, not the view of some, no comparison."""
    return relation["modality"] in CLAIMED and not relation["ambiguous"] and not relation["attributed"]


def named(document: Document, *types: str) -> list[Document]:
    """The names of these types, each text once in a language, and none that is the name to show."""
    shown = {(name["text"].casefold(), name["language"]) for name in document["names"] if name["type"] == "preferred"}
    found: dict[tuple[str, str], Document] = {}
    for name in document["names"]:
        key = (name["text"].casefold(), name["language"])
        if name["type"] in types and key not in shown:
            found.setdefault(key, name)
    return list(found.values())
