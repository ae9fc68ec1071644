"""Packages from npm that tests need: installed once into `var/`, never copied into here; offline from then on.

In: package names with versions. Out: the folder that holds them.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

CACHE = Path(__file__).parent.parent / "var"


def installed(name: str, *packages: str) -> Path:
    """`node_modules` with these packages, kept as `var/NAME`. Two processes may ask for it at once."""
    kept = CACHE / name
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=CACHE))
        command = ["npm", "install", "--prefix", str(draft), "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run([*command, *packages], check=True, capture_output=True, timeout=300)
        try:
            os.replace(draft, kept)
        except OSError:  # the other process was first
            shutil.rmtree(draft)
    return kept / "node_modules"
