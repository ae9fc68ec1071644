"""The canonical addresses of the library's resources.

In: the type and the id of a resource. Out: an address that is the same wherever the library is served and claims no
domain of somebody else: below the operator's own address (setting CANONICAL_BASE), or else a `urn:uuid:`; those of
value sets and concept maps are UUIDs (version 5) made from their id. The UUID of the code system, and the same as an
OID, which is 2.25.<the number> (ITU-T X.667), are understood in both cases.
"""

import uuid

from content_app.vocabulary.addresses import CANONICAL_BASE
from content_app.vocabulary.code_systems import OWN, OWN_UUID

CODE_SYSTEM_UUID = OWN_UUID
CODE_SYSTEM = OWN.uri
CODE_SYSTEM_OID = f"urn:oid:{OWN.oid}"
CODE_SYSTEM_ALIASES = (CODE_SYSTEM_OID, CODE_SYSTEM_UUID.urn)
CODE_SYSTEM_ID = "amps"


def canonical(kind: str, resource_id: str) -> str:
    """The canonical address of a resource of the library: the same on every server."""
    if (kind, resource_id) == ("CodeSystem", CODE_SYSTEM_ID):
        return CODE_SYSTEM
    if CANONICAL_BASE:
        return f"{CANONICAL_BASE}/{kind}/{resource_id}"
    return uuid.uuid5(CODE_SYSTEM_UUID, f"{kind}/{resource_id}").urn
