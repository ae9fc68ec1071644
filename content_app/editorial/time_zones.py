"""Time zones by name, also by a name that they had once: browsers and stored schedules may still use it.

In: a name of the IANA time zone database. Out: the name that it has now, and the zone. Which names are former ones is
said by the database itself (`tzdata.zi` has the links, `zone.tab` the names to choose from); the package `tzdata`
brings both, and the zones that a machine may lack. No Django.
"""

import datetime
import zoneinfo
from functools import cache
from importlib.resources import files


def zones() -> list[str]:
    """The names to choose from, UTC among them; no former ones."""
    return sorted((zoneinfo.available_timezones() | {"UTC"}) - former_names().keys())


@cache
def former_names() -> dict[str, str]:
    """The name that each zone has now, by the name that it had."""
    database = files("tzdata.zoneinfo")
    links = (
        line.split() for line in database.joinpath("tzdata.zi").read_text("utf-8").splitlines() if line[:2] == "L "
    )
    rows = database.joinpath("zone.tab").read_text("utf-8").splitlines()
    current = {row.split("\t")[2] for row in rows if row and not row.startswith("#")}
    return {old: new for _, new, old in links if "/" in old and old not in current and new in current}


def current_name(name: str) -> str:
    """The name that the zone has now; the same for a name that is none."""
    return former_names().get(name, name)


def is_known(name: str) -> bool:
    try:
        return bool(zoneinfo.ZoneInfo(current_name(name)))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False


def zone_of(name: str) -> datetime.tzinfo:
    """A time zone by its name; UTC for one that is not known here, so that what is stored can always be shown."""
    return zoneinfo.ZoneInfo(current_name(name)) if is_known(name) else datetime.UTC
