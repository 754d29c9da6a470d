"""The services of an invented regency, with their steps and the journeys that need them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opdanalysis.study.synthetic_agencies import PERMITS, REGISTRY, SOCIAL, WORKS
from opdanalysis.study.synthetic_cells import (
    COUNTER,
    INVENTED,
    UNITS,
    Row,
    Tables,
    about,
    flag,
    office_of,
)


def service_tables(people: float) -> Tables:
    """Services, their steps, journeys and the services of each, for so many residents."""
    cases = {
        "ktp": 0.06 * people,
        "akta-lahir": 0.02 * people,
        "bantuan-sosial": 0.03 * people,
        "izin-usaha": 0.008 * people,
    }
    names = {
        "ktp": ("KTP elektronik", "Identity card", 1),
        "akta-lahir": ("Akta kelahiran", "Birth certificate", 3),
        "bantuan-sosial": ("Bantuan sosial", "Social assistance", None),
        "izin-usaha": ("Izin usaha", "Business permit", 10),
    }
    journeys = (
        ("kartu", "Mengurus KTP", "Getting an identity card", 0.6, ("ktp",)),
        ("kelahiran", "Kelahiran anak", "Birth of a child", 0.5, ("akta-lahir",)),
        ("bantuan", "Bantuan sosial", "Social assistance", 0.4, ("bantuan-sosial",)),
        ("usaha", "Membuka usaha", "Opening a business", 0.3, ("ktp", "izin-usaha")),
    )
    rows = [
        {
            "id": id,
            "name": names[id][0],
            "name_en": names[id][1],
            **about("cases_per_year", count, 0.25),
            **_standard(names[id][2]),
            "source": INVENTED,
        }
        for id, count in cases.items()
    ]
    ways, links = [], []
    for id, name, name_en, share, parts in journeys:
        least = min(cases[part] for part in parts)
        promised = [names[part][2] for part in parts]
        ways.append(
            {
                "id": id,
                "name": name,
                "name_en": name_en,
                **about("cases_per_year", share * least, 0.25),
                **_standard(None if None in promised else sum(promised)),
                "source": INVENTED,
            }
        )
        links += [
            {"journey": id, "order": order, "service": part}
            for order, part in enumerate(parts, start=1)
        ]
    return {
        "services.csv": rows,
        "steps.csv": _steps(),
        "journeys.csv": ways,
        "journey_services.csv": links,
    }


def _steps() -> list[Row]:
    units = {"group": UNITS, **about("share_at_group", 0.5, 0.4)}
    return [
        _step("ktp", 1, REGISTRY, 10, None, **units),
        _step("ktp", 2, REGISTRY, None, 0.5),
        _step("akta-lahir", 1, COUNTER, 15, None),
        _step("akta-lahir", 2, REGISTRY, None, 1.0, may_be_delegated="yes"),
        _step("bantuan-sosial", 1, SOCIAL, 20, 2.0),
        _step("bantuan-sosial", 2, REGISTRY, None, 0.5),
        _step("izin-usaha", 1, office_of(0), 10, None),
        _step("izin-usaha", 2, PERMITS, 20, None),
        _step("izin-usaha", 3, WORKS, None, 4.0, may_be_delegated="yes"),
        _step("izin-usaha", 4, PERMITS, None, 1.0),
    ]


def _step(
    service: str, order: int, agency: str, minutes: float | None, hours: float | None, **more: Any
) -> Row:
    at_counter = {} if minutes is None else about("counter_minutes", minutes, 0.4)
    at_desk = {} if hours is None else about("touch_hours", hours, 0.6)
    return {
        "service": service,
        "order": order,
        "agency": agency,
        "citizen_present": flag(minutes is not None),
        "parallel": "no",
        "may_be_delegated": "no",
        **at_counter,
        **at_desk,
        **more,
    }


def _standard(days: int | None) -> Mapping[str, Any]:
    if days is None:
        return {}
    return {
        "standard_days": days,
        "standard_evidence": "judgement",
        "standard_source": INVENTED,
    }
