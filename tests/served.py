"""Runs a command against a server of its own with the first content: `python -m tests.served COMMAND …`.

In: the command. It finds the address of the FHIR server in BASE. Out: what the command prints, and its exit status.
"""

import os
import subprocess
import sys


def main(command: list[str]) -> int:
    """Serve, run the command, and give its exit status."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_api.settings")
    django.setup()
    from tests.live import serving  # reads settings

    with serving({}) as address:
        return subprocess.run(command, env={**os.environ, "BASE": f"{address}/fhir"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
