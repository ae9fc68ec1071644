"""Data that others publish as npm packages: installed once, below `var/`, never copied into here.

In: the name and version of a package. Out: its folder.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

VAR = Path(__file__).parent.parent / "var"


def installed(package: str, version: str, cache: str) -> Path:
    """The folder of the package, kept in `var/{cache}`. Installs it if it is not there; two processes may do so."""
    kept = VAR / cache
    found = kept / "node_modules" / package
    if not found.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=VAR))
        command = ["npm", "install", "--prefix", str(draft), "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run([*command, f"{package}@{version}"], check=True, capture_output=True, timeout=300)
        try:
            os.replace(draft, kept)
        except OSError:  # the other process was first
            shutil.rmtree(draft)
    return found
