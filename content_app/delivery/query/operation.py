"""What OpenAPI says of an address: each view has it as its `operation`.

In: nothing. Out: `Operation`, which `openapi.schema` turns into OpenAPI. Descriptions teach; shapes are serializers.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Operation:
    """How one address is described. `describes` maps further query parameters to (schema, description).

    `answer` is the one shape of its JSON. Parameters that are `described_elsewhere` are taken here too, but make
    another shape, which has an address of its own. `body` is the JSON Schema of what is sent, `required` are
    parameters that must be given. `always` is the one status that an address of the sandbox is answered with, if it
    is a problem.
    """

    id: str
    tag: str
    summary: str
    description: str
    answer: type | None = None
    described_elsewhere: tuple[str, ...] = ()
    body: dict | None = None
    required: tuple[str, ...] = ()
    is_file: bool = False
    is_found_by_name: bool = False
    can_be_withdrawn: bool = False
    always: tuple[int, ...] = ()
    describes: dict[str, tuple[dict, str]] = field(default_factory=dict)
    example: str = ""
