"""Code systems: identifiers, and whether a code has the form of one."""

import pytest

from content_app.vocabulary.code_systems import CODE_SYSTEMS, has_verhoeff_check_digit, problem_with_code


@pytest.mark.parametrize(
    ("system", "code"),
    [
        ("icd-10-cm", "M79.7"),
        ("icd-10-cm", "G90.511"),
        ("icd-10-cm", "QA0.0101"),
        ("icd-10", "M79.7"),
        ("icd-11-mms", "MG30.01"),
        ("icd-11-foundation", "849253504"),
        ("mesh", "D005356"),
        ("hpo", "HP:0012531"),
        ("mondo", "MONDO:0005546"),
        ("orphanet", "83452"),
        ("snomed-ct", "203082005"),
        ("umls", "C0016053"),
    ],
)
def test_a_code_has_the_form_of_its_system(system, code):
    assert problem_with_code(system, code) is None


@pytest.mark.parametrize(
    ("system", "code", "sentence"),
    [
        ("icd-10-cm", "m79.7", "not in the format"),
        ("icd-10-cm", "M79.7\n", "not in the format"),
        ("icd-10", "M79.71x", "not in the format"),
        ("mesh", "D٠٠٥٣٥٦", "not in the format"),
        ("hpo", "0012531", "not in the format"),
        ("snomed-ct", "203082006", "wrong SNOMED CT check digit"),
        ("snomed-ct", "203028005", "wrong SNOMED CT check digit"),
        ("snomed-ct", "203082115", "partition"),
        ("nonsense", "1", "is not a known code system"),
    ],
)
def test_what_cannot_be_a_code_is_said_to_be_none(system, code, sentence):
    assert sentence in problem_with_code(system, code)


def test_the_check_digit_catches_every_wrong_digit_and_every_swap_of_neighbours():
    code = "203082005"
    assert has_verhoeff_check_digit(code)
    for place, digit in enumerate(code):
        others = (code[:place] + other + code[place + 1 :] for other in "0123456789" if other != digit)
        assert not any(has_verhoeff_check_digit(other) for other in others)
    for place in range(len(code) - 1):
        if code[place] != code[place + 1]:
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert not has_verhoeff_check_digit(swapped)


def test_no_two_systems_share_an_identifier():
    uris = [uri for system in CODE_SYSTEMS.values() for uri in (system.uri, *system.other_uris)]
    oids = [system.oid for system in CODE_SYSTEMS.values() if system.oid]
    assert len(set(uris)) == len(uris)
    assert len(set(oids)) == len(oids)


def test_the_systems_that_need_a_licence_are_gated():
    assert [key for key, system in CODE_SYSTEMS.items() if system.is_gated] == ["snomed-ct", "umls"]
