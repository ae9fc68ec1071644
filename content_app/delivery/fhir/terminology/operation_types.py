"""What an operation is: its parameters, and how text in an address becomes the value of one.

In: names and text. Out: `Operation`, `Parameter`, values. The operations of this server stand in `operations.py`.
"""

from dataclasses import dataclass
from typing import Any

from content_app.delivery.fhir.terminology.outcome import refusal, unsupported
from content_app.nearest import did_you_mean

FEW, MANY = "1", "*"


@dataclass(frozen=True)
class Parameter:
    """One parameter. `kind` is a FHIR type; `parts` are those of an out parameter that has no value of its own."""

    name: str
    kind: str
    doc: str
    most: str = FEW
    least: int = 0
    parts: tuple["Parameter", ...] = ()


@dataclass(frozen=True)
class Operation:
    """One operation on one type of resource."""

    resource: str
    code: str
    title: str
    description: str
    takes: tuple[Parameter, ...]
    gives: tuple[Parameter, ...]
    is_on_instance: bool = True
    base: str = ""
    is_on_system: bool = False

    @property
    def id(self) -> str:
        return f"{self.resource}-{self.code}"

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name. Raises FhirError 400 for one that is not taken, with a hint."""
        for parameter in self.takes:
            if parameter.name == name:
                return parameter
        raise unsupported(name, HINTS.get((self.code, name)) or HINTS.get(name) or self._nearest(name))

    def _nearest(self, name: str) -> str:
        """The name that differs in its case only. Names that are merely alike may mean something else."""
        return did_you_mean(name, (parameter.name for parameter in self.takes), ".", cutoff=1.0)


SYSTEM_VERSION_HINT = "; to give the version of the code, use “systemVersion”."
HINTS: dict[Any, str] = {
    "date": ". Use “release”, or a version of the code system.",
    "supplement": ". Name the supplement in “useSupplement”.",
    "context": ". This server cannot find value sets by profile. Use “url”.",
    "contextDirection": ". This server cannot find value sets by profile. Use “url”.",
    ("validate-code", "version"): SYSTEM_VERSION_HINT,
    ("lookup", "systemVersion"): "; did you mean “version”?",
    ("subsumes", "systemVersion"): "; did you mean “version”?",
}

BOOLEANS = {"true": True, "false": False}
TEXTS = frozenset({"string", "code", "uri", "canonical", "dateTime", "id"})


def from_text(parameter: Parameter, text: str) -> Any:
    """The value of a parameter that stands in an address. Raises FhirError 400 if it does not fit its type."""
    if parameter.kind in TEXTS and (text or parameter.kind == "string"):
        return text
    if parameter.kind in TEXTS:
        raise refusal(400, "required", f"“{parameter.name}” has no value", path=parameter.name)
    if parameter.kind == "boolean" and text in BOOLEANS:
        return BOOLEANS[text]
    if parameter.kind == "integer" and text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    if parameter.kind in ("boolean", "integer"):
        raise refusal(
            400,
            "invalid",
            f"“{parameter.name}” must be of type {parameter.kind}, not “{text[:60]}”",
            path=parameter.name,
        )
    raise refusal(
        400,
        "invalid",
        f"“{parameter.name}” is a {parameter.kind}: send it in the body, in a Parameters resource",
        path=parameter.name,
    )
