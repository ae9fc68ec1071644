"""The canonical addresses of the library's resources.

In: the type and the id of a resource. Out: an address that is the same wherever the library is served and claims no
domain of somebody else: a `urn:uuid:`; those of value sets and concept maps are UUIDs (version 5) made from their id.
The same UUID as an OID is 2.25.<the number> (ITU-T X.667), for systems that only know OIDs.
"""

import uuid

CODE_SYSTEM_UUID = uuid.UUID("5b8a9ba2-0d0b-4f0e-9c1d-7a6f0e1c93d4")
CODE_SYSTEM = CODE_SYSTEM_UUID.urn
CODE_SYSTEM_OID = f"urn:oid:2.25.{CODE_SYSTEM_UUID.int}"
CODE_SYSTEM_ID = "amps"


def canonical(kind: str, resource_id: str) -> str:
    """The canonical address of a resource of the library: the same on every server."""
    if (kind, resource_id) == ("CodeSystem", CODE_SYSTEM_ID):
        return CODE_SYSTEM
    return uuid.uuid5(CODE_SYSTEM_UUID, f"{kind}/{resource_id}").urn
