"""One code has many spellings: each is understood, and nothing that is not one."""

import pytest

from content_app.vocabulary.code_systems import CODE_SYSTEMS, OWN, SYSTEM_NAMES, named_in, system_named, written


@pytest.mark.parametrize(
    ("system", "given", "right"),
    [
        ("icd-10-cm", "M797", "M79.7"),
        ("icd-10-cm", "m79.7", "M79.7"),
        ("icd-10-cm", "ICD10CM:M79.7", "M79.7"),
        ("icd-10-cm", "http://purl.bioontology.org/ontology/ICD10CM/M79.7", "M79.7"),
        ("icd-10", "g905", "G90.5"),
        ("icd-11-mms", "mg30.01", "MG30.01"),
        ("icd-11-foundation", "http://id.who.int/icd/entity/849253504", "849253504"),
        ("mesh", "http://id.nlm.nih.gov/mesh/D005356", "D005356"),
        ("mesh", "MeSH:d005356", "D005356"),
        ("mondo", "MONDO_0005546", "MONDO:0005546"),
        ("mondo", "mondo:0005546", "MONDO:0005546"),
        ("mondo", "0005546", "MONDO:0005546"),
        ("mondo", "http://purl.obolibrary.org/obo/MONDO_0005546", "MONDO:0005546"),
        ("hpo", "http://purl.obolibrary.org/obo/HP_0012532", "HP:0012532"),
        ("orphanet", "ORPHA:41842", "41842"),
        ("orphanet", "http://www.orpha.net/ORDO/Orphanet_41842", "41842"),
        ("snomed-ct", "http://snomed.info/id/203082005", "203082005"),
        ("umls", "UMLS:C0016053", "C0016053"),
        # None of these is a spelling of a code of the system.
        ("icd-10-cm", "M79.7x.1", "M79.7x.1"),
        ("icd-10-cm", "MONDO:0005546", "MONDO:0005546"),
        ("mondo", "HP_0012532", "HP_0012532"),
        ("mondo", "546", "546"),
        ("mesh", "D5356", "D5356"),
    ],
)
def test_a_code_is_written_as_its_system_writes_it(system, given, right):
    assert written(CODE_SYSTEMS[system], given) == right


@pytest.mark.parametrize("system", [*CODE_SYSTEMS.values(), OWN], ids=lambda system: system.key)
def test_a_system_is_known_by_its_key_its_addresses_and_its_oid(system):
    names = [system.key, system.uri, *system.other_uris]
    names += [system.oid, f"urn:oid:{system.oid}", f"URN:OID:{system.oid}"] if system.oid else []
    assert [system_named(name) for name in names] == [system] * len(names)


@pytest.mark.parametrize("name", ["icd-10cm", "urn:oid:2.16.840.1.113883.6.9", "http://hl7.org/fhir/sid/icd10cm", ""])
def test_a_near_miss_of_a_system_is_none(name):
    assert system_named(name) is None


def test_a_code_may_come_behind_any_name_of_its_system():
    wanted = [(CODE_SYSTEMS["icd-10-cm"], "M79.7")]
    names = (name for name, system in SYSTEM_NAMES.items() if system.key == "icd-10-cm")
    assert all(named_in(f"{name}|M797") == wanted for name in names)
    assert named_in("icd-10cm|M797") == []
