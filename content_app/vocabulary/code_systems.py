"""The external code systems that items can be coded in: identifiers, version, licence and how a code must look.

In: a key and a code. Out: `CodeSystem` entries and the sentence that says what is wrong with a code. No Django.
Identifiers follow the FHIR terminology naming systems and the HL7 OID registry.
"""

import re
from dataclasses import dataclass

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
    """A code system. `uri` is its FHIR system; a gated system needs a licence and is off unless asked for."""

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
        ),
        CodeSystem(
            "icd-10", "ICD-10 (WHO)", "http://hl7.org/fhir/sid/icd-10", "2.16.840.1.113883.6.3", "2019",
            r"[A-Z][0-9]{2}(\.[0-9]{1,2})?",
            "WHO copyright: single cited codes only; the tables may not be redistributed without a licence.",
            "ICD-10, version 2019, World Health Organization.",
        ),
        CodeSystem(
            "icd-11-mms", "ICD-11 MMS", "http://id.who.int/icd/release/11/mms", "2.16.840.1.113883.6.347",
            "2026-01",
            r"[0-9A-WYZ][A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,2})?|X[0-9A-Z]{3,5}",
            "CC BY-ND 3.0 IGO, https://icd.who.int/en/docs/icd11-license.pdf",
            "ICD-11 MMS, World Health Organization, CC BY-ND 3.0 IGO.",
        ),
        CodeSystem(
            "icd-11-foundation", "ICD-11 Foundation", "http://id.who.int/icd/entity", None,
            "stable entity identifiers", r"[0-9]+",
            "CC BY-ND 3.0 IGO, https://icd.who.int/en/docs/icd11-license.pdf",
            "ICD-11 Foundation, World Health Organization, CC BY-ND 3.0 IGO.",
        ),
        CodeSystem(
            "mesh", "MeSH", "https://www.nlm.nih.gov/mesh", "2.16.840.1.113883.6.177", "2026",
            r"[CD][0-9]{6,9}",
            "NLM terms: free; acknowledge NLM, state the version, say whether it was modified.",
            "MeSH 2026, courtesy of the U.S. National Library of Medicine.",
            other_uris=("http://terminology.hl7.org/CodeSystem/MSH", "http://id.nlm.nih.gov/mesh/"),
        ),
        CodeSystem(
            "hpo", "Human Phenotype Ontology", "http://human-phenotype-ontology.org",
            "2.16.840.1.113883.6.339", "2026-02-16", r"HP:[0-9]{7}",
            "HPO licence: acknowledge and cite HPO, show the release used, do not alter content.",
            "This product uses the Human Phenotype Ontology (release 2026-02-16).",
            other_uris=("http://purl.obolibrary.org/obo/hp.owl",),
        ),
        CodeSystem(
            "mondo", "Mondo Disease Ontology", "http://purl.obolibrary.org/obo/mondo.owl",
            "2.16.840.1.113883.3.9216", "2026-08-21", r"MONDO:[0-9]{7}", "CC BY 4.0",
            "Mondo Disease Ontology, CC BY 4.0.",
        ),
        CodeSystem(
            "orphanet", "Orphanet (ORPHAcode)", "https://www.orpha.net",
            "1.3.6.1.4.1.12559.11.10.1.3.1.44.5", "via Mondo 2026-08-21", r"[0-9]+",
            "ORPHAcode nomenclature files, CC BY 4.0.", "Orphanet nomenclature, INSERM, CC BY 4.0.",
        ),
        CodeSystem(
            "snomed-ct", "SNOMED CT", "http://snomed.info/sct", "2.16.840.1.113883.6.96", "International",
            r"[1-9][0-9]{5,17}",
            "SNOMED International Affiliate Licence, needed to distribute or deploy SNOMED CT content.",
            "SNOMED CT © SNOMED International.", is_gated=True,
        ),
        CodeSystem(
            "umls", "UMLS CUI", "http://terminology.hl7.org/CodeSystem/umls", "2.16.840.1.113883.6.86",
            "via HPO and Mondo cross-references", r"C[0-9]{7}",
            "UMLS Metathesaurus Licence (NLM).", "UMLS, U.S. National Library of Medicine.", is_gated=True,
        ),
    )
}  # fmt: skip


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
        return f"“{system_key}” is not a code system known here; known are {', '.join(CODE_SYSTEMS)}."
    if not re.fullmatch(system.pattern, code, re.ASCII):
        return f"“{code}” does not have the form of a {system.name} code ({system.pattern})."
    if system_key == "snomed-ct":
        if code[-3:-1] not in ("00", "10"):
            return f"“{code}” is not a SNOMED CT concept identifier: its partition is {code[-3:-1]}."
        if not has_verhoeff_check_digit(code):
            return f"“{code}” fails the SNOMED CT check digit: a digit is wrong or swapped."
    return None
