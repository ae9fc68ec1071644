"""What the rules say of codes and of the two texts of one thing, for `test_rules`: as in `changes`."""

from content_app.manuscripts.findings import WARNING
from tests.library import coding, condition, statement
from tests.manuscripts.contexts import EVERYTHING

NO_CODE = {"system": "icd-10", "match": "none", "version": "2019", "verification": "not_checked",
           "checked_on": "2026-01-01"}  # fmt: skip


def unlike(clinical: str, plain: str, sentence: str) -> tuple:
    """A statement whose texts differ, and the warning about it."""
    return (
        condition(statements=[statement(clinical, plain=plain)]), EVERYTHING, WARNING, "/statements/0/plain", sentence,
    )  # fmt: skip


UNLIKE = {
    "a number that only the plain text has": unlike(
        "Most children improve.", "Of 10 children, 8 get better.", "The plain text has the number 10, 8"
    ),
    "a hedge that the plain text leaves out": unlike(
        "Exercise may help.", "Exercise makes it better.", "The clinical text says “may”"
    ),
    "a warning that the plain text leaves out": unlike(
        "Opioids should not be used.", "Strong medicines are used.", "The clinical text says “should not”"
    ),
    "a plain text that leaves out nearly all": unlike(
        "It lasts for long. " * 4, "It lasts.", "The plain text is much shorter"
    ),
    "an exact code beside none": (
        condition(codings=[coding(match="exact"), NO_CODE]),
        EVERYTHING,
        WARNING,
        "/codings/0/match",
        "M79.7 is marked as an exact match, but the item says in ICD-10",
    ),
}

ALIKE = {
    "numbers in words, rounded and as percentages": (
        condition(
            statements=[
                statement("Twelve of 37 (0.32) after 2.1 years.", plain="12 of 37 people, 32 %, after about 2 years.")
            ]
        ),
        EVERYTHING,
    ),
    "a hedge in plain words": (
        condition(statements=[statement("This suggests a link.", plain="There is some link, studies say.")]),
        EVERYTHING,
    ),
}
