"""The databases of one test process: copies of the prepared libraries, one of which Django is connected to.

In: the kind of database that DATABASE_URL names. Out: `Databases`, which `conftest` sets up.
"""

import os
import shutil
from pathlib import Path

from django.db import connection, connections

from tests import prepared


class Files:
    """Copies on SQLite. Files, as in production, so that threads and processes can meet in them."""

    def __init__(self, folder: Path):
        self.folder = folder
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")

    def name_of(self, library: str) -> str:
        return str(self.folder / f"{library}.sqlite3")

    def copy(self, library: str) -> None:
        name, first = self.name_of(library), self.folder / f"{library}.first"
        if not first.exists():  # later copies are of this one: the code may be changed while tests run
            prepared.copy_on_sqlite(library, first)
        for path in (f"{name}-wal", f"{name}-shm", name):
            Path(path).unlink(missing_ok=True)
        shutil.copy(first, name)


class Templates:
    """Copies on PostgreSQL, made from template databases."""

    def __init__(self, process: str):
        self.process = process
        self.server = os.environ["DATABASE_URL"]

    def name_of(self, library: str) -> str:
        return f"test_{library}_{self.process}"

    def copy(self, library: str) -> None:
        prepared.copy_on_postgresql(library, self.name_of(library), self.server)


class Databases:
    """Which library tests find: the empty one, or the one with the first content."""

    def __init__(self) -> None:
        self.copies: Files | Templates | None = None
        self.made: set[str] = set()
        self.wanted = prepared.EMPTY

    def open(self, copies: Files | Templates) -> None:
        """From now on there are copies; before, no test wanted any."""
        self.copies = copies
        self.connect()

    def use(self, library: str) -> None:
        """What the next test is to find."""
        if library != self.wanted:
            self.wanted = library
            if self.copies:
                self.connect()

    def connect(self) -> None:
        """Lead Django, in this thread and in those to come, to the library that is wanted."""
        assert not connection.in_atomic_block, "A fixture keeps a transaction open in the other library."
        connections.close_all()
        if self.wanted not in self.made:
            self.copies.copy(self.wanted)
            self.made.add(self.wanted)
        connection.settings_dict["NAME"] = self.copies.name_of(self.wanted)

    def renew(self) -> None:
        """Undo what a test has committed: take a new copy."""
        connections.close_all()
        self.copies.copy(self.wanted)
