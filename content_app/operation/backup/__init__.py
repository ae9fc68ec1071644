"""Backup and restore: everything that cannot be made again, in one archive that proves itself whole.

An archive is a tar file with `manifest.json` (what it is of, and the SHA-256 of every file), the database and the keys
of VAR_DIR, followed by the SHA-256 of all bytes before. With a passphrase, all of that is an age file
(age-encryption.org/v1), which the program `age` opens too. Uploads are in the database. Exports and static files are
made again when they are asked for, so they are left out.
"""

from django.core.management.base import CommandError

UNUSABLE, DAMAGED, REFUSED, NOT_AS_PUBLISHED = 1, 2, 3, 4  # exit codes


class NotDone(CommandError):
    """Nothing was backed up or restored. The message says why and what to do, `returncode` which kind of reason."""
