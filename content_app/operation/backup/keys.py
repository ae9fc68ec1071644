"""The keys that lie in VAR_DIR: what a backup takes along, and where a restore puts it.

In: `secret-key`, `signing-key` and the notes on keys that have signed. Keys that come from the environment are not in
VAR_DIR, so no backup has them: the operator keeps those.
"""

import hashlib
import os
import shutil
from pathlib import Path

from django.conf import settings

KEYS = ("secret-key", "signing-key")
NOTES = "signed-with"
PREFIX = "var/"  # in the archive


def key_files() -> dict[str, Path]:
    """The files by their names in the archive."""
    folder = Path(settings.VAR_DIR)
    found = [folder / name for name in KEYS if (folder / name).is_file()]
    found += sorted((folder / NOTES).glob("*.json"))
    return {f"{PREFIX}{path.relative_to(folder)}": path for path in found}


def put_back(files: list[str], folder: Path) -> None:
    """Move files of an unpacked archive to VAR_DIR, each whole. Notes on other keys that have signed here stay."""
    for name in files:
        if not name.startswith(PREFIX):
            continue
        target = Path(settings.VAR_DIR) / name.removeprefix(PREFIX)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        shutil.copyfile(folder / name, draft)
        draft.replace(target)


def fingerprint(key: str) -> str:
    """Enough of a hash to tell two keys apart, and nothing about the key."""
    return hashlib.sha256(b"amps backup\0" + key.encode()).hexdigest()[:16]
