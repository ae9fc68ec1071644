"""The numbers of releases, which versions share: from 1 up to what a column of either database can hold.

In: nothing. Out: the bounds, and their JSON Schema.
"""

LARGEST = 2_147_483_647
NEVER = LARGEST  # for a release that has not come: above every one that has
SCHEMA = {"type": "integer", "minimum": 1, "maximum": LARGEST}
