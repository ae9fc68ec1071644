"""The package as others install it: everything is in the wheel, and it works in a site of theirs."""

import subprocess
import sys
import zipfile

import pytest

from tests import bare_site
from tests.live import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT], check=True
    )
    return next(folder.glob("*.whl"))


@pytest.mark.thorough
def test_the_wheel_has_every_file_of_the_packages_and_the_first_content(wheel):
    tracked = subprocess.run(
        ["git", "ls-files", "amps_api", "content_app", "fixtures"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    expected = {
        name.replace("fixtures/", "amps_api/fixtures/", 1) if name[:8] == "fixtures" else name for name in tracked
    }
    with zipfile.ZipFile(wheel) as archive:
        assert expected - set(archive.namelist()) == set()


@pytest.mark.thorough
def test_a_site_of_others_serves_the_library_beside_its_own_pages(wheel, tmp_path):
    installed, site = tmp_path / "installed", tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", installed, wheel]
    subprocess.run(pip, check=True)
    told = bare_site.of_others(site, sys.executable, PYTHONPATH=str(installed))

    assert told["installed"] == str(installed / "amps_api")
    assert told["own"] == "the clinic's own page"
    assert told["answers"].pop("/no-such-page/") == 404
    assert set(told["answers"].values()) == {200}
    assert (site / "var" / "amps.sqlite3").exists()
