"""Reads a call of a service, and feedback on its cards.

In: the parsed body and the service. Out: the codes of the conditions that are on the list. Raises `Refused`: 400 for
what is not a call, 412 for one without the data it needs. Nothing but codes and statuses is looked at, nothing kept.
Source: CDS Hooks 2.0, Calling a CDS Service, Feedback; FHIR R4 Condition.
"""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from content_app.delivery.cds_hooks.body import Refused, wrong
from content_app.delivery.cds_hooks.services import PREFETCH, Service

MOST_CODES = 500
# Conditions that are not, or no longer, on the list.
OFF_THE_LIST = {
    "clinicalStatus": {"inactive", "remission", "resolved"},
    "verificationStatus": {"refuted", "entered-in-error"},
}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)

Code = tuple[str, str]


def read_codes(call: dict[str, Any], service: Service) -> list[Code]:
    """(system, code) of every condition on the list, each once, in the order in which they stand."""
    context = _checked_call(call, service)
    bundle = _prefetched(call) if service.prefetch else _object(context, "conditions", "context.conditions")
    found = dict.fromkeys(code for condition in _conditions(bundle) for code in _codes(condition))
    return list(found)[:MOST_CODES]


def _checked_call(call: dict[str, Any], service: Service) -> dict[str, Any]:
    """The context of the call, once all that the standard requires is there."""
    if "resourceType" in call and "hook" not in call:  # RFC 9110, section 15.5.16: seen by looking at the data
        raise Refused(415, "not-supported", "Send a CDS Hooks call. This body is a FHIR resource.")
    hook = _string(call, "hook", "hook")
    if hook != service.hook:
        raise wrong(f"This service is for the hook “{service.hook}”, not “{hook[:60]}”.")
    _uuid(_string(call, "hookInstance", "hookInstance"), "hookInstance")
    if "fhirServer" in call:
        _string(call, "fhirServer", "fhirServer")
    elif "fhirAuthorization" in call:
        raise wrong("fhirAuthorization is allowed only together with fhirServer.")
    context = _object(call, "context", "context")
    for name in ("userId", "patientId"):
        _string(context, name, f"context.{name}")
    return context


def _prefetched(call: dict[str, Any]) -> dict[str, Any]:
    """The prefetched Bundle; an empty one for null, which says that there is nothing. Raises 412 if it is missing."""
    prefetch = call.get("prefetch", {})
    if not isinstance(prefetch, dict):
        raise wrong("prefetch must be an object.")
    if PREFETCH not in prefetch:
        raise Refused(412, "required", f"Send the patient's conditions under the prefetch key “{PREFETCH}”.")
    bundle = {} if prefetch[PREFETCH] is None else prefetch[PREFETCH]
    if not isinstance(bundle, dict):
        raise wrong(f"prefetch.{PREFETCH} must be a Bundle.")
    if bundle.get("resourceType") == "OperationOutcome":
        raise Refused(412, "required", f"The prefetch of “{PREFETCH}” failed, so there are no conditions to read.")
    return bundle


def _conditions(bundle: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The conditions of a Bundle, or one that stands alone, that are on the list."""
    if bundle.get("resourceType") not in (None, "Bundle", "Condition"):
        raise wrong("Send the conditions in a Bundle.")
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise wrong("Bundle.entry must be a list.")
    resources = [bundle] if bundle.get("resourceType") == "Condition" else [_member(e, "resource") for e in entries]
    for resource in resources:
        if _member(resource, "resourceType") == "Condition" and _is_on_the_list(resource):
            yield resource


def _is_on_the_list(condition: dict[str, Any]) -> bool:
    statuses = {name: {_member(coding, "code") for coding in _codings(condition, name)} for name in OFF_THE_LIST}
    return not any(statuses[name] & off for name, off in OFF_THE_LIST.items())


def _codes(condition: dict[str, Any]) -> Iterator[Code]:
    for coding in _codings(condition, "code"):
        system, code = _member(coding, "system"), _member(coding, "code")
        # What cannot be printed is no code, and some of it (NUL) cannot be asked of a database.
        if isinstance(system, str) and isinstance(code, str) and 0 < len(code) <= 100 and code.isprintable():
            yield system, code


def _codings(condition: dict[str, Any], name: str) -> list[Any]:
    codings = _member(_member(condition, name), "coding")
    # A coding can hold anything: what is not text cannot be compared.
    return [c for c in codings if isinstance(_member(c, "code"), str)] if isinstance(codings, list) else []


def _member(data: Any, name: str) -> Any:
    return data.get(name) if isinstance(data, dict) else None


def _object(data: dict[str, Any], name: str, path: str) -> dict[str, Any]:
    if not isinstance(data.get(name), dict):
        raise wrong(f"{path} is required and must be an object.")
    value: dict[str, Any] = data[name]
    return value


def _string(data: Any, name: str, path: str) -> str:
    value = _member(data, name)
    if not isinstance(value, str) or not value:
        raise wrong(f"{path} is required and must be a non-empty string.")
    return value


def _uuid(value: str, path: str) -> None:
    try:
        uuid.UUID(value.removeprefix("urn:uuid:"))
    except ValueError:
        raise wrong(f"{path} must be a UUID.")


def check_feedback(body: dict[str, Any]) -> None:
    """Raise `Refused` (400) unless the body is feedback as the standard describes it. Nothing of it is kept."""
    entries = body.get("feedback")
    if not isinstance(entries, list) or not entries:
        raise wrong("feedback is required and must be a non-empty list.")
    for number, entry in enumerate(entries):
        _check_entry(entry, f"feedback[{number}]")


def _check_entry(entry: Any, path: str) -> None:
    _uuid(_string(entry, "card", f"{path}.card"), f"{path}.card")
    outcome = _string(entry, "outcome", f"{path}.outcome")
    if outcome not in ("accepted", "overridden"):
        raise wrong(f"{path}.outcome must be accepted or overridden.")
    accepted = _member(entry, "acceptedSuggestions")
    if outcome == "accepted" and (not isinstance(accepted, list) or not accepted):
        raise wrong(f"{path}.acceptedSuggestions is required if the outcome is accepted.")
    for suggestion in accepted if isinstance(accepted, list) else []:
        _string(suggestion, "id", f"{path}.acceptedSuggestions.id")
    if "overrideReason" in entry:
        _check_reason(entry["overrideReason"], f"{path}.overrideReason")
    _check_time(_string(entry, "outcomeTimestamp", f"{path}.outcomeTimestamp"), f"{path}.outcomeTimestamp")


def _check_reason(reason: Any, path: str) -> None:
    coding, comment = _member(reason, "reason"), _member(reason, "userComment")
    if coding is None and not isinstance(comment, str):
        raise wrong(f"{path} must have a reason, a userComment, or both.")
    if coding is not None:
        _string(coding, "code", f"{path}.reason.code")


def _check_time(value: str, path: str) -> None:
    try:
        well_formed = RFC_3339.fullmatch(value) and datetime.fromisoformat(value.upper().replace("Z", "+00:00"))
    except ValueError:
        well_formed = None
    if not well_formed:
        raise wrong(f"{path} must be a time such as 2026-11-02T09:00:00Z (RFC 3339).")
