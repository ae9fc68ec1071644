"""A Django site of somebody else that has this library installed: its own settings, addresses and command line.

In: a folder, and a Python in which the wheel is installed. Out: what the site says of itself, as a dict.
"""

import json
import os
import subprocess
from pathlib import Path

FILES = {
    "manage.py": """
import os, sys
from django.core.management import execute_from_command_line
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
execute_from_command_line(sys.argv)
""",
    "clinic/__init__.py": "",
    "clinic/settings.py": """
from amps_api.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "clinic"]
ROOT_URLCONF = "clinic.urls"
""",
    "clinic/urls.py": """
from amps_api.urls import handler400, handler403, handler404, handler500
from django.http import HttpResponse
from django.urls import include, path
urlpatterns = [
    path("clinic/", lambda request: HttpResponse("the clinic's own page")),
    path("", include("amps_api.urls")),
]
""",
    "clinic/ask.py": """
import json, platform
import amps_api, django
django.setup()
from django.test import Client
ask = Client(headers={"host": "localhost"}).get
paths = ["/clinic/", "/api/v1/conditions/fibromyalgia/", "/fhir/metadata", "/docs/", "/", "/openapi.json",
         "/api/v1/search/?q=hand+ice+cold", "/no-such-page/"]
print(json.dumps({
    "installed": amps_api.__path__[0],
    "versions": [platform.python_version(), django.get_version()],
    "answers": {path: ask(path).status_code for path in paths},
    "own": ask("/clinic/").content.decode(),
}))
""",
}


def of_others(folder: Path, python: str | Path, **environment: str) -> dict:
    """Make the site, fill it, and ask it. Raises CalledProcessError with what was said, if a step fails."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    def run(*arguments: str) -> str:
        chosen = {"DJANGO_SETTINGS_MODULE": "clinic.settings", **environment}
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        done = subprocess.run([python, *arguments], cwd=folder, env=kept | chosen, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("manage.py", "check")
    run("manage.py", "migrate", "--verbosity=0")
    run("manage.py", "collectstatic", "--verbosity=0", "--no-input")
    run("manage.py", "publish_first_content")
    return json.loads(run("-m", "clinic.ask"))
