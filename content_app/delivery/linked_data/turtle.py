"""Writes Turtle (https://www.w3.org/TR/turtle/): prefixes, then one block a subject.

In: subjects, predicates and objects that the functions here have written. Out: text. Nothing from a document gets
into the text unescaped.
"""

import re
from collections.abc import Iterable

from content_app.delivery.linked_data.words import as_iri

Pairs = Iterable[tuple[str, str]]

ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
NOT_IN_STRINGS = re.compile(r'["\\\x00-\x1f\x7f]')


def iri(address: str) -> str:
    """An IRI (section 6.4, IRIREF)."""
    return f"<{as_iri(address)}>"


def text(value: str, language: str | None = None) -> str:
    """A string, in a language if one is given (section 2.5.1)."""
    quoted = NOT_IN_STRINGS.sub(lambda found: ESCAPES.get(found.group(), f"\\u{ord(found.group()):04X}"), value)
    return f'"{quoted}"' + (f"@{language}" if language else "")


def typed(value: str | int, datatype: str) -> str:
    """A value of a datatype, such as `xsd:date`."""
    return f"{text(str(value))}^^{datatype}"


def prefixes(known: dict[str, str]) -> str:
    return "".join(f"@prefix {name}: {iri(address)} .\n" for name, address in known.items())


def node(pairs: Pairs) -> str:
    """A thing without a name of its own (section 2.6)."""
    return f"[ {' ; '.join(f'{predicate} {value}' for predicate, value in pairs)} ]"


def block(subject: str, pairs: Pairs) -> str:
    """Everything that is said of one subject, predicates in the order in which they first come."""
    objects: dict[str, list[str]] = {}
    for predicate, value in pairs:
        objects.setdefault(predicate, []).append(value)
    lines = [f"    {predicate} {', '.join(dict.fromkeys(values))}" for predicate, values in objects.items()]
    return f"\n{subject}\n" + " ;\n".join(lines) + " .\n"
