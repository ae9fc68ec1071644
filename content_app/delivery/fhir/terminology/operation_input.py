"""The parameters of an operation, whichever way they came: from the address, or from a Parameters resource.

In: (name, value) pairs. Out: `OperationInput`. The names and types that an operation takes stand in `operations.py`.
"""

from typing import Any

from content_app.delivery.fhir.terminology.compose import SystemVersions
from content_app.delivery.fhir.terminology.outcome import Resource, refusal
from content_app.delivery.fhir.terminology.versions import split_canonical

BROUGHT = ("CodeSystem", "ValueSet", "ConceptMap")


class OperationInput:
    """Parameters by name, in the order given."""

    def __init__(self, pairs: list[tuple[str, Any]], accept_language: str = ""):
        self.pairs = pairs
        self.accept_language = accept_language

    def all(self, name: str) -> list[Any]:
        return [value for a_name, value in self.pairs if a_name == name]

    def one(self, name: str, default: Any = None) -> Any:
        return next(iter(self.all(name)), default)

    def flag(self, name: str, *, default: bool = False) -> bool:
        return bool(self.one(name, default))

    def has(self, name: str) -> bool:
        return any(a_name == name for a_name, _ in self.pairs)

    def with_value(self, name: str, value: Any) -> "OperationInput":
        """The same, with one more parameter."""
        return OperationInput([*self.pairs, (name, value)], self.accept_language)

    def with_resources(self, resources: list[Resource]) -> "OperationInput":
        """The same, with these resources in place of those that came along."""
        pairs = [pair for pair in self.pairs if pair[0] != "tx-resource"]
        return OperationInput([*pairs, *(("tx-resource", entry) for entry in resources)], self.accept_language)

    @property
    def resources(self) -> list[Resource]:
        """The resources that came along with the request. Raises FhirError 400 for one that is of no use here."""
        found: list[Resource] = self.all("tx-resource")
        for resource in found:
            kind = resource.get("resourceType")
            if kind not in BROUGHT:
                raise refusal(
                    400, "not-supported", f"Send {', '.join(BROUGHT)} along; not “{str(kind)[:60]}”", path="tx-resource"
                )
            if kind != "ConceptMap" and not resource.get("url"):
                raise refusal(400, "required", f"The {kind} in tx-resource has no url", path="tx-resource")
        return found

    def system_versions(self) -> SystemVersions:
        """Raises FhirError 400 if a version parameter does not name its system, or names two versions of one."""
        return SystemVersions(
            default=self._by_url("system-version"),
            check=self._by_url("check-system-version"),
            force=self._by_url("force-system-version"),
            value_sets=self._by_url("default-valueset-version"),
        )

    def _by_url(self, name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for canonical in self.all(name):
            url, version = split_canonical(canonical)
            if not version:
                hint = " To give the version of the code, use “systemVersion”." if name == "system-version" else ""
                raise refusal(400, "invalid", f"Write “{name}” as system|version, not “{canonical}”.{hint}", path=name)
            if found.setdefault(url, version) != version:
                raise refusal(400, "invalid", f"“{name}” gives two versions of {url}", path=name)
        return found
