"""The external code systems that items can be coded in: identifiers, version, licence and how a code must look.

In: a key and a code. Out: `CodeSystem` entries, the code as its system writes it, and the sentence that says what is
wrong with a code. No Django.
Identifiers follow the FHIR terminology naming systems and the HL7 OID registry; prefixes and addresses of codes follow
Bioregistry and the addresses that the systems give their own codes.
"""

import re
import uuid
from dataclasses import dataclass

from content_app.vocabulary.addresses import CANONICAL_BASE

VERHOEFF_MULTIPLY = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7), (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3), (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)  # fmt: skip
VERHOEFF_PERMUTE = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7), (9, 4, 5, 3, 1, 2, 6, 8, 7, 0), (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5), (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)  # fmt: skip


@dataclass(frozen=True)
class CodeSystem:
    """A code system. `uri` is its FHIR system; a gated system needs a licence and is off unless asked for.

    Others write a code behind a prefix (`ORPHA:41842`) or as an address; `form` is the code around its bare part.
    """

    key: str
    name: str
    uri: str
    oid: str | None
    version: str
    pattern: str
    licence: str
    attribution: str
    is_gated: bool = False
    other_uris: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    form: str = "{}"


CODE_SYSTEMS = {
    system.key: system
    for system in (
        CodeSystem(
            "icd-10-cm", "ICD-10-CM", "http://hl7.org/fhir/sid/icd-10-cm", "2.16.840.1.113883.6.90",
            "FY2026 April 2026 release",
            # The second character can be a letter since FY2026 (QA0.0101).
            r"[A-Z][0-9A-Z][0-9A-Z](\.[0-9A-Z]{1,4})?",
            "US government publication (NCHS/CMS); an authorised modification of WHO's ICD-10.",
            "ICD-10-CM FY2026 (April 2026 update), CDC/NCHS.",
            prefixes=("ICD10CM", "ICD-10-CM"), addresses=("http://purl.bioontology.org/ontology/ICD10CM/",),
        ),
        CodeSystem(
            "icd-10", "ICD-10 (WHO)", "http://hl7.org/fhir/sid/icd-10", "2.16.840.1.113883.6.3", "2019",
            r"[A-Z][0-9]{2}(\.[0-9]{1,2})?",
            "WHO copyright: single cited codes only; the tables may not be redistributed without a licence.",
            "ICD-10, version 2019, World Health Organization.",
            prefixes=("ICD10", "ICD-10"), addresses=("http://purl.bioontology.org/ontology/ICD10/",),
        ),
        CodeSystem(
            "icd-11-mms", "ICD-11 MMS", "http://id.who.int/icd/release/11/mms", "2.16.840.1.113883.6.347",
            "2026-01",
            r"[0-9A-WYZ][A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,2})?|X[0-9A-Z]{3,5}",
            "CC BY-ND 3.0 IGO, https://icd.who.int/en/docs/icd11-license.pdf",
            "ICD-11 MMS, World Health Organization, CC BY-ND 3.0 IGO.",
            prefixes=("ICD11", "ICD-11", "ICD11.MMS"),
        ),
        CodeSystem(
            "icd-11-foundation", "ICD-11 Foundation", "http://id.who.int/icd/entity", None,
            "stable entity identifiers", r"[0-9]+",
            "CC BY-ND 3.0 IGO, https://icd.who.int/en/docs/icd11-license.pdf",
            "ICD-11 Foundation, World Health Organization, CC BY-ND 3.0 IGO.",
            prefixes=("ICD11.FOUNDATION",), addresses=("http://id.who.int/icd/entity/", "https://id.who.int/icd/entity/"),
        ),
        CodeSystem(
            "mesh", "MeSH", "https://www.nlm.nih.gov/mesh", "2.16.840.1.113883.6.177", "2026",
            r"[CD][0-9]{6,9}",
            "NLM terms: free; acknowledge NLM, state the version, say whether it was modified.",
            "MeSH 2026, courtesy of the U.S. National Library of Medicine.",
            other_uris=("http://terminology.hl7.org/CodeSystem/MSH", "http://id.nlm.nih.gov/mesh/"),
            prefixes=("MESH", "MSH"), addresses=("http://id.nlm.nih.gov/mesh/", "https://id.nlm.nih.gov/mesh/"),
        ),
        CodeSystem(
            "hpo", "Human Phenotype Ontology", "http://human-phenotype-ontology.org",
            "2.16.840.1.113883.6.339", "2026-02-16", r"HP:[0-9]{7}",
            "HPO licence: acknowledge and cite HPO, show the release used, do not alter content.",
            "This product uses the Human Phenotype Ontology (release 2026-02-16).",
            other_uris=("http://purl.obolibrary.org/obo/hp.owl",),
            prefixes=("HP", "HPO"), addresses=("http://purl.obolibrary.org/obo/HP_",), form="HP:{}",
        ),
        CodeSystem(
            "mondo", "Mondo Disease Ontology", "http://purl.obolibrary.org/obo/mondo.owl",
            "2.16.840.1.113883.3.9216", "2026-08-21", r"MONDO:[0-9]{7}", "CC BY 4.0",
            "Mondo Disease Ontology, CC BY 4.0.",
            prefixes=("MONDO",), addresses=("http://purl.obolibrary.org/obo/MONDO_",), form="MONDO:{}",
        ),
        CodeSystem(
            "orphanet", "Orphanet (ORPHAcode)", "https://www.orpha.net",
            "1.3.6.1.4.1.12559.11.10.1.3.1.44.5", "via Mondo 2026-08-21", r"[0-9]+",
            "ORPHAcode nomenclature files, CC BY 4.0.", "Orphanet nomenclature, INSERM, CC BY 4.0.",
            prefixes=("ORPHA", "ORPHANET", "ORDO"), addresses=("http://www.orpha.net/ORDO/Orphanet_",),
        ),
        CodeSystem(
            "snomed-ct", "SNOMED CT", "http://snomed.info/sct", "2.16.840.1.113883.6.96", "International",
            r"[1-9][0-9]{5,17}",
            "SNOMED International Affiliate Licence, needed to distribute or deploy SNOMED CT content.",
            "SNOMED CT © SNOMED International.", is_gated=True,
            prefixes=("SNOMEDCT", "SCTID", "SCT", "SNOMED"), addresses=("http://snomed.info/id/",),
        ),
        CodeSystem(
            "umls", "UMLS CUI", "http://terminology.hl7.org/CodeSystem/umls", "2.16.840.1.113883.6.86",
            "via HPO and Mondo cross-references", r"C[0-9]{7}",
            "UMLS Metathesaurus Licence (NLM).", "UMLS, U.S. National Library of Medicine.", is_gated=True,
            prefixes=("UMLS",), addresses=("https://uts.nlm.nih.gov/uts/umls/concept/",),
        ),
    )
}  # fmt: skip


# The library's own codes: one for each item, and the only exact one that most of them have. The OID is made from the
# same UUID (ITU-T X.667).
OWN_UUID = uuid.UUID("5b8a9ba2-0d0b-4f0e-9c1d-7a6f0e1c93d4")
OWN = CodeSystem(
    "amps", "AMPS library", f"{CANONICAL_BASE}/CodeSystem/amps" if CANONICAL_BASE else OWN_UUID.urn,
    f"2.25.{OWN_UUID.int}", "the release", r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)?", "CC BY 4.0",
    "AMPS API, CC BY 4.0.", other_uris=(OWN_UUID.urn,),
)  # fmt: skip


def _system_names() -> dict[str, CodeSystem]:
    names: dict[str, CodeSystem] = {}
    for system in (*CODE_SYSTEMS.values(), OWN):
        oids = (system.oid, f"urn:oid:{system.oid}") if system.oid else ()
        names |= dict.fromkeys((system.key, system.uri, *system.other_uris, *oids), system)
    return names


# Every way to name a code system: its key, its FHIR addresses, its OID.
SYSTEM_NAMES = _system_names()
URN = re.compile("urn:(oid|uuid):", re.IGNORECASE)


def system_named(name: str) -> CodeSystem | None:
    """The code system of a key, a FHIR address or an OID; None if it is not known.

    How a URN begins, and all of a UUID, may be in capitals (RFC 8141, section 3.1).
    """
    return SYSTEM_NAMES.get(name) or (SYSTEM_NAMES.get(name.lower()) if URN.match(name) else None)


def written(system: CodeSystem, code: str) -> str:
    """The code as its system writes it, from the spellings of others; as it is given if it is none of these.

    M797 and m79.7 are M79.7; MONDO_0005546 and its address are MONDO:0005546; Orphanet_41842 is 41842.
    """
    bare = _bare(system, code)
    candidates = [bare, bare.upper(), bare.lower(), system.form.format(bare)]
    if system.key in ("icd-10", "icd-10-cm") and re.fullmatch(r"[A-Za-z][0-9A-Za-z]{3,6}", bare, re.ASCII):
        candidates.append(f"{bare[:3]}.{bare[3:]}".upper())
    found = (candidate for candidate in candidates if re.fullmatch(system.pattern, candidate, re.ASCII))
    return next(found, code)


def _bare(system: CodeSystem, code: str) -> str:
    """The code without the prefix or the address of its system."""
    for address in system.addresses:
        if code.startswith(address):
            return code.removeprefix(address)
    prefix, mark, rest = code.partition(":") if ":" in code else code.partition("_")
    return rest if mark and prefix.upper() in system.prefixes else code


def spellings_of(system_key: str, code: str) -> tuple[str, ...]:
    """The code as given and as its system writes it, each once."""
    system = OWN if system_key == OWN.key else CODE_SYSTEMS[system_key]
    return tuple(dict.fromkeys((code, written(system, code))))


def named_in(text: str) -> list[tuple[CodeSystem, str]]:
    """What a text can mean as a code: (system, code as the system writes it).

    The system may be named before a bar, as in `urn:oid:2.16.840.1.113883.6.90|M797`.
    """
    name, bar, code = text.rpartition("|")
    if bar:
        system = system_named(name)
        return [(system, written(system, code))] if system and code else []
    found = ((system, written(system, text)) for system in CODE_SYSTEMS.values())
    return [(system, code) for system, code in found if re.fullmatch(system.pattern, code, re.ASCII)]


def has_verhoeff_check_digit(digits: str) -> bool:
    """Whether the last digit is the Verhoeff check digit of the others (SNOMED CT TIG, 5.6)."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = VERHOEFF_MULTIPLY[check][VERHOEFF_PERMUTE[place % 8][int(digit)]]
    return check == 0


def problem_with_code(system_key: str, code: str) -> str | None:
    """One sentence on why `code` cannot be a code of the system, or None if its form is right.

    Checks the form only: the pattern, and for SNOMED CT the partition (00 or 10: a concept) and check digit.
    """
    system = CODE_SYSTEMS.get(system_key)
    if system is None:
        return f"“{system_key}” is not a known code system; use one of {', '.join(CODE_SYSTEMS)}."
    if not re.fullmatch(system.pattern, code, re.ASCII):
        return f"“{code}” is not in the format of a {system.name} code ({system.pattern})."
    if system_key == "snomed-ct":
        if code[-3:-1] not in ("00", "10"):
            return f"“{code}” is not a SNOMED CT concept identifier: its partition is {code[-3:-1]}."
        if not has_verhoeff_check_digit(code):
            return f"“{code}” has the wrong SNOMED CT check digit: a digit is wrong, or two are swapped."
    return None
