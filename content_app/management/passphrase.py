"""The passphrase of a backup, which no list of processes shows: it is read from a file or from standard input."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

SHORTEST = 12


def add_argument(parser: ArgumentParser, what: str) -> None:
    """Add `--passphrase-file` to a command."""
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        help=f"{what}; the first line of this file is the passphrase (-: standard input)",
    )


def read(path: Path | None) -> str:
    """The passphrase; empty without a file. Raises CommandError if it cannot be read or is too short."""
    if path is None:
        return ""
    try:
        text = sys.stdin.readline() if str(path) == "-" else path.read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The passphrase cannot be read from {path}: {error}")
    passphrase = text.strip()
    if len(passphrase) < SHORTEST:
        raise CommandError(f"The passphrase has fewer than {SHORTEST} characters. Use a longer one.")
    return passphrase
