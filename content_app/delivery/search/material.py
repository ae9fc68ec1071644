"""What search shows of documents: their texts, each with its stems, and their statements by aspect.

In: places. Out: the short form and the `Material` of each. A published document never changes, so what was read of one
is kept under its key and hash: at most `MOST` in a process, those that were asked for last.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from content_app.delivery.search import index
from content_app.publication.index import texts
from content_app.publication.index.texts import Text
from content_app.publication.index.words import compounds, stem, tokens

MOST = 100  # some megabytes
Key = tuple[int, str]


@dataclass
class Material:
    """A document as search shows it. In: the document as published."""

    document: dict[str, Any]

    @cached_property
    def names(self) -> tuple[Text, ...]:
        return tuple(texts.names(self.document))

    @cached_property
    def codes(self) -> tuple[Text, ...]:
        return tuple(texts.codes(self.document))

    @cached_property
    def texts(self) -> tuple[tuple[Text, frozenset[str]], ...]:
        """Every text with its stems, names first."""
        return tuple((text, all_stems(text.text)) for text in (*self.names, *texts.prose(self.document)))


def all_stems(text: str) -> frozenset[str]:
    parts = tokens(text)
    return frozenset({part.stem for part in parts} | {stem(joined) for _, joined in compounds(text, parts)})


_kept: OrderedDict[Key, Material] = OrderedDict()
_keeping = threading.Lock()


def of_places(places: Iterable[int]) -> dict[int, tuple[bytes, Material]]:
    """The short form and the material of the documents at these places."""
    heads = index.heads(places)
    with _keeping:
        known = {key: _kept[key] for _, key in heads.values() if key in _kept}
    bodies = index.bodies(place for place, (_, key) in heads.items() if key not in known)
    known |= {heads[place][1]: Material(json.loads(body)) for place, body in bodies.items()}
    with _keeping:  # others may have kept or dropped some meanwhile; what is shown does not depend on it
        for key in known:
            _kept[key] = known[key]
            _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return {place: (list_form, known[key]) for place, (list_form, key) in heads.items() if key in known}
