"""The files in `deploy/` say what the programs that read them understand, and what the settings allow."""

import re
import shutil
import subprocess
from contextlib import closing

import pytest
import redis
import yaml

from amps_api.setting_table import SETTINGS
from tests import nginx, postgres
from tests.live import ROOT, free_port
from tests.redis_server import wait_for

DEPLOY = ROOT / "deploy"


@pytest.mark.skipif(nginx.PROGRAM is None, reason=nginx.NOT_INSTALLED)
def test_nginx_takes_its_configuration(tmp_path):
    file, _ = nginx.configured(tmp_path, [8001, 8002])
    done = nginx.check(file)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_the_example_of_an_environment_sets_what_there_is_to_values_that_are_allowed():
    lines = (DEPLOY / "environment.example").read_text().splitlines()
    chosen = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    known = {setting.name: setting for setting in SETTINGS}
    assert set(chosen) <= set(known)
    rest = {name: value for name, value in chosen.items() if value and name != "VAR_DIR"}
    assert [said for name, value in rest.items() if (said := known[name].fault(value))] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="There is no systemd-analyze on this machine.")
@pytest.mark.parametrize("unit", sorted(path.name for path in (DEPLOY / "systemd").iterdir()))
def test_systemd_takes_its_units(unit, tmp_path):
    for path in (DEPLOY / "systemd").iterdir():  # with a program that is here
        (tmp_path / path.name).write_text(path.read_text().replace("/opt/amps/current/.venv/bin/python", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", tmp_path / unit], capture_output=True, text=True)
    assert [line for line in done.stderr.splitlines() if "amps" in line] == []


@pytest.mark.skipif(postgres.programs() is None, reason=postgres.NOT_INSTALLED)
def test_postgresql_takes_its_configuration(tmp_path_factory):
    with postgres.primary(postgres.programs()) as server:
        copy = server.place / "amps.conf"
        shutil.copy(DEPLOY / "postgresql.conf", copy)
        with (server.place / "data" / "postgresql.conf").open("a") as file:
            file.write(f"include '{copy}'\n")
        faults = server.ask(
            "SELECT string_agg(name || ': ' || error, '; ') FROM pg_file_settings WHERE error IS NOT NULL"
        )
        read = server.ask(f"SELECT count(*) FROM pg_file_settings WHERE sourcefile = '{copy}'")
    restart = "setting could not be applied"  # until the server is started again
    assert [one for one in (faults or "").split("; ") if one and restart not in one] == []
    assert read == len(re.findall(r"(?m)^\w+ =", (DEPLOY / "postgresql.conf").read_text()))


def test_redis_takes_its_configuration(tmp_path):
    program, port = shutil.which("valkey-server") or shutil.which("redis-server"), free_port()
    chosen = ["--port", str(port), "--bind", "127.0.0.1", "--requirepass", "", "--dir", str(tmp_path)]
    with subprocess.Popen([program, DEPLOY / "redis.conf", *chosen], stdout=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            with closing(redis.Redis(port=port)) as client:
                assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "volatile-ttl"}
        finally:
            process.kill()


def test_the_image_is_made_of_what_is_here_with_the_uv_of_the_makefile():
    text = (DEPLOY / "Dockerfile").read_text()
    copied = [name for line in re.findall(r"(?m)^COPY (?!--)(.*)", text) for name in line.split()[:-1]]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert re.search(r"uv:([\d.]+)", text)[1] == re.search(r"UV_VERSION := (.*)", (ROOT / "Makefile").read_text())[1]


def test_the_containers_are_given_settings_that_there_are_and_files_that_are_here():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    known = {setting.name for setting in SETTINGS}
    for name in ("one", "other"):
        assert set(compose["services"][name]["environment"]) <= known
    mounted = [volume.split(":")[0] for volume in compose["services"]["proxy"]["volumes"]]
    assert [path for path in mounted if not (DEPLOY / path).exists()] == ["./tls"]  # the operator's own
