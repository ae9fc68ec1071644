"""What is an answer's own: its bytes, and the headers that no two answers of its sort share.

In: an answer of the same sort, as Django gave it. Out: the answer with these bytes and headers.
"""

from typing import NamedTuple

from content_app.delivery.read_plane.kept import Answer


class Own(NamedTuple):
    """Bytes, and headers by name. Headers that the answer around them does not have are left out."""

    body: bytes
    headers: dict[str, str]

    def within(self, frame: Answer) -> Answer:
        headers = [(name, self.headers.get(name, value)) for name, value in frame.headers]
        return Answer(frame.status, headers, self.body, frame.limit_at)
