"""Content files for tests, and what importing them would find wrong.

In: contents by file name. Out: the files, or the problems as editors read them.
"""

from pathlib import Path

import pytest

from content_app.editorial.exchange import files, importing
from content_app.editorial.exchange.importing import NotImportable
from content_app.models import Item, Source


def put(folder: Path, **contents) -> Path:
    """Write files: documents as YAML, text as it is, bytes as they are. `__` in a name stands for a dot."""
    for name, content in contents.items():
        path = folder / name.replace("__", ".")
        if isinstance(content, dict):
            content = files.to_yaml(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def problems(folder: Path) -> list[str]:
    """What planning says is wrong. Nothing may have been stored."""
    with pytest.raises(NotImportable) as refused:
        importing.plan(folder)
    assert (Item.objects.count(), Source.objects.count()) == (0, 0)
    return [str(problem) for problem in refused.value.problems]
