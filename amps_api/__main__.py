"""Django's command line for this project: `manage.py` in a checkout, `amps-api` where the package is installed."""

import os
import sys

from django.core.management import execute_from_command_line

from amps_api.sentences import sentence_for


def main() -> None:
    """Run the command that was asked for. What is a matter of the machine ends in a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_api.settings")
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # a setting, a database or a folder that cannot be used: a sentence, no stack trace
        told = sentence_for(error)
        if told is None:
            raise
        sys.exit(told)


if __name__ == "__main__":
    main()
