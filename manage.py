#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from django.core.management import execute_from_command_line
from environs import EnvError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amps_api.settings")
    try:
        execute_from_command_line(sys.argv)
    except EnvError as error:  # a setting in the environment that cannot be used: one sentence, no stack trace
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
