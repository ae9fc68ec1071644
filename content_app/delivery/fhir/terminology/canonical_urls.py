"""The canonical addresses of the library's resources.

In: the type and the id of a resource. Out: an address that is the same wherever the library is served and claims no
domain of somebody else: a `urn:uuid:`; those of value sets and concept maps are UUIDs (version 5) made from their id.
The same UUID as an OID is 2.25.<the number> (ITU-T X.667), for systems that only know OIDs.
"""

import uuid

from content_app.vocabulary.code_systems import OWN, OWN_UUID

CODE_SYSTEM_UUID = OWN_UUID
CODE_SYSTEM = OWN.uri
CODE_SYSTEM_OID = f"urn:oid:{OWN.oid}"
CODE_SYSTEM_ID = "amps"


def canonical(kind: str, resource_id: str) -> str:
    """The canonical address of a resource of the library: the same on every server."""
    if (kind, resource_id) == ("CodeSystem", CODE_SYSTEM_ID):
        return CODE_SYSTEM
    return uuid.uuid5(CODE_SYSTEM_UUID, f"{kind}/{resource_id}").urn
