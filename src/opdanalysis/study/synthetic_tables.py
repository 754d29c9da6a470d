"""The tables of one invented regency, drawn by lot; none of it was ever observed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from opdanalysis.study.synthetic_agencies import OFFICES, REGISTRY, SECRETARIAT, Office
from opdanalysis.study.synthetic_cells import (
    COUNTER,
    INVENTED,
    UNITS,
    Row,
    Tables,
    about,
    district,
    flag,
    office_of,
    tidy,
    unit_of,
)
from opdanalysis.study.synthetic_services import service_tables

KM = 1 / 111.195
"""One kilometre in degrees of latitude; near the equator also of longitude."""

HEAD, ANNEX, MALL, NEW = "kantor-bupati-1", "kantor-bupati-2", "plaza-rekaan", "gedung-baru"
"""The two buildings of the head office, the room in a mall, and the building that is not built."""


@dataclass(frozen=True)
class Place:
    """Where something lies: degrees, and kilometres from the centre."""

    lat: float
    lon: float
    km: float


def synthetic_tables(number: int, agencies: int, rng: np.random.Generator) -> Tables:
    """Every table of an invented regency with so many agencies, by file name."""
    world = _World(number, agencies, rng)
    kecamatan = world.kecamatan()
    offices = world.agencies()
    buildings, placement = world.buildings(offices)
    return {
        "kecamatan.csv": kecamatan,
        "kelurahan.csv": world.kelurahan(),
        "agencies.csv": offices,
        "buildings.csv": buildings,
        "placement.csv": placement,
        **service_tables(float(world.people.sum())),
        "ties.csv": world.ties(offices),
        "fates.csv": fates(),
    }


def fates() -> list[Row]:
    """What becomes of vacated buildings, by the usual rules."""
    rules = (
        ("rented", "rented", None, "any", "returned", "Gedung sewa dikembalikan",
         "Rented space goes back to its owner"),
        ("mall", "serviced", None, "any", "returned", "Ruang di mal dikembalikan",
         "Space in a mall goes back to its manager"),
        ("shared-site", "owned", None, "yes", "kept", "Kompleksnya tetap dipakai",
         "Its site stays in use"),
        ("large", "owned", 1500, "any", "leased", "Gedung besar disewakan",
         "A large building is leased"),
        ("other", "any", None, "any", "kept", "Dipertahankan", "Kept"),
    )  # fmt: skip
    names = ("id", "tenure", "floor_area_from", "site_in_use", "fate", "reason", "reason_en")
    return [
        {"order": order, **dict(zip(names, rule, strict=True)), "source": INVENTED}
        for order, rule in enumerate(rules, start=1)
    ]


class _World:
    """What the tables of one regency have in common; tables are drawn in a fixed order."""

    def __init__(self, number: int, agencies: int, rng: np.random.Generator) -> None:
        self.rng, self.number = rng, number
        self.districts = max(4, round(0.3 * agencies))
        self.units = max(2, round(0.12 * agencies))
        self.offices: Sequence[Office] = OFFICES[: agencies - self.districts - self.units - 1]
        # In the open ocean south-west of the islands, where no regency lies.
        self.lat = -12.0 + 0.2 * (number % 25)
        self.lon = 80.0 + 0.5 * (number // 25)
        self.size = agencies / 40 * float(np.exp(rng.normal(0, 0.2)))
        self.area = rng.uniform(15, 60, self.districts)
        self.people = np.exp(rng.normal(math.log(28_000), 0.5, self.districts)) * self.size
        self.centres = [Place(self.lat, self.lon, 0.0)] + [
            self.around(3 + 1.4 * math.sqrt(float(self.area[: place + 1].sum())))
            for place in range(1, self.districts)
        ]

    def around(self, km: float) -> Place:
        """A place at chance within some kilometres of the centre."""
        far, angle = km * math.sqrt(self.rng.random()), 2 * math.pi * self.rng.random()
        return Place(
            round(self.lat + far * math.cos(angle) * KM, 4),
            round(self.lon + far * math.sin(angle) * KM, 4),
            far,
        )

    def kecamatan(self) -> list[Row]:
        """Districts; land is dearer near the centre."""
        return [
            {
                "id": district(place),
                "name": f"Rekaan {place + 1:02d}",
                **_at(centre),
                "area_km2": tidy(float(area)),
                **about("population", people, 0.05),
                **about("land_value_rp_m2", 3e6 * math.exp(-centre.km / 15) + 2e5, 0.5),
                "source": INVENTED,
            }
            for place, (centre, area, people) in enumerate(
                zip(self.centres, self.area, self.people, strict=True)
            )
        ]

    def kelurahan(self) -> list[Row]:
        """Three quarters or villages in each district, around its centre."""
        rows = []
        for place, (centre, area) in enumerate(zip(self.centres, self.area, strict=True)):
            reach = math.sqrt(float(area)) / 3
            for part, (north, east) in enumerate(((1.0, 0.0), (-0.5, 0.9), (-0.5, -0.9))):
                rows.append(
                    {
                        "id": f"kel-{place + 1:02d}-{part + 1}",
                        "name": f"Kelurahan Rekaan {place + 1:02d}-{part + 1}",
                        "kecamatan": district(place),
                        "lat": round(centre.lat + north * reach * KM, 4),
                        "lon": round(centre.lon + east * reach * KM, 4),
                        "area_km2": tidy(float(area) / 3),
                        "source": INVENTED,
                    }
                )
        return rows

    def agencies(self) -> list[Row]:
        """Head offices, district offices, units of the civil registry, and a counter in a mall."""
        rows = [
            {
                "id": office.id,
                "name": office.name,
                "name_en": office.name_en,
                "kind": office.kind,
                "fields": ";".join(office.fields),
                "public_facing": flag(office.public_facing),
                **self._staff(40 * office.share * self.size),
            }
            for office in self.offices
        ]
        for place in range(self.districts):
            rows.append(
                {
                    "id": office_of(place),
                    "name": f"Kecamatan Rekaan {place + 1:02d}",
                    "name_en": f"Rekaan {place + 1:02d} Subdistrict Office",
                    "kind": "kecamatan",
                    "kecamatan": district(place),
                    "fields": "territory",
                    "public_facing": "yes",
                    **self._staff(20),
                }
            )
        for place in range(self.units):
            rows.append(
                {
                    "id": unit_of(place),
                    "name": f"UPTD Dukcapil Rekaan {place + 1:02d}",
                    "name_en": f"Civil Registry Unit for Rekaan {place + 1:02d}",
                    "kind": "uptd",
                    "parent": REGISTRY,
                    "group": UNITS,
                    "kecamatan": district(place),
                    "fields": "registry;territory",
                    "public_facing": "yes",
                    **self._staff(8),
                }
            )
        rows.append(
            {
                "id": COUNTER,
                "name": "Gerai Disdukcapil di Plaza Rekaan",
                "name_en": "Civil Registry Counter at Plaza Rekaan",
                "kind": "counter",
                "parent": REGISTRY,
                "fields": "registry",
                "public_facing": "yes",
                **self._staff(6),
            }
        )
        return [{**row, "source": INVENTED} for row in rows]

    def _staff(self, usual: float) -> Row:
        drawn = max(round(usual * float(np.exp(self.rng.normal(0, 0.25)))), 3)
        return about("staff", drawn, 0.12)

    def buildings(self, agencies: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """Buildings, each large enough for who sits there, and who that is."""
        seats = self._seats([row["id"] for row in agencies])
        staff = {row["id"]: row["staff"] for row in agencies}
        people: dict[str, float] = {}
        for agency, building in seats.items():
            people[building] = people.get(building, 0.0) + staff[agency]
        head = sum(staff[office.id] for office in self.offices)
        rows = [self._building(id, count * self._room(id)) for id, count in people.items()]
        rows.append(self._building(NEW, 17 * head))
        placed = [
            {
                "agency": agency,
                "building": building,
                "evidence": "judgement",
                "source": INVENTED,
            }
            for agency, building in seats.items()
        ]
        return rows, placed

    def _room(self, building: str) -> float:
        """Floor area per employee [m2]; the head office has room to spare."""
        return self.rng.uniform(16, 26) if building == HEAD else self.rng.uniform(8, 20)

    def _seats(self, agencies: Sequence[str]) -> dict[str, str]:
        """Who sits where: some in the head office, most in buildings of their own."""
        seats = {agencies[0]: HEAD}
        own = 0
        for place, office in enumerate(self.offices[1:], start=1):
            lot = self.rng.random()
            if lot < 0.25:
                seats[office.id] = HEAD if place % 2 else ANNEX
            elif lot < 0.4 and own:
                seats[office.id] = f"gedung-{own:02d}"
            else:
                own += 1
                seats[office.id] = f"gedung-{own:02d}"
        for place in range(self.districts):
            seats[office_of(place)] = f"kantor-kec-{place + 1:02d}"
        for place in range(self.units):
            far = self.rng.random() < 0.4
            seats[unit_of(place)] = seats[REGISTRY] if far else seats[office_of(place)]
        seats[COUNTER] = MALL
        return seats

    def _building(self, id: str, area: float) -> Row:
        """A building of some floor area [m2]; by its id one knows what it is for."""
        home = int(id[-2:]) - 1 if id.startswith("kantor-kec") else 0
        spot = self.around(6) if id.startswith("gedung-") else self.centres[home]
        tenure = "owned"
        if id == MALL:
            tenure = "serviced"
        elif id.startswith("gedung-") and id != NEW and self.rng.random() < 0.3:
            tenure = "rented"
        floors = int(min(6, max(1, round(math.sqrt(area) / 18))))
        words = id.replace("-", " ").title()
        return {
            "id": id,
            "name": f"{words} (rekaan)",
            "name_en": f"{words} (invented)",
            "site": "kantor-bupati" if id in (HEAD, ANNEX) else id,
            "kecamatan": district(home),
            "address": f"Jalan Rekaan {1 + int(self.rng.integers(99))}",
            **_at(spot),
            "position_error_m": 50,
            "position_basis": INVENTED,
            "floors": floors,
            "tenure": tenure,
            "status": "planned" if id == NEW else "standing",
            **about("floor_area_m2", max(area, 60), 0.15),
            **about("land_area_m2", max(1.6 * area / floors, 60), 0.3),
            **about("guard_posts", 0.5 if id == MALL else 1 + (area > 3000), 0.4),
            "source": INVENTED,
        }

    def ties(self, agencies: Sequence[Row]) -> list[Row]:
        """Oversight of all by the secretariat, ties of a field by chance, and of a district."""
        found: dict[tuple[str, str, str], Row] = {}

        def add(one: str, other: str, layer: str, usual: float, nature: str = "duty") -> None:
            if one != other:
                contacts = max(usual * float(np.exp(self.rng.normal(0, 0.4))), 1)
                found[one, other, layer] = {
                    "from_agency": one,
                    "to_agency": other,
                    "layer": layer,
                    "nature": nature,
                    **about("contacts_per_year", contacts, 1.0),
                }

        for row in agencies:
            if row["kind"] in ("uptd", "counter"):
                add(REGISTRY, row["id"], "oversight", 60)
            else:
                add(SECRETARIAT, row["id"], "oversight", 60)
        for one in self.offices:
            for other in self.offices:
                if set(one.fields) & set(other.fields) and self.rng.random() < 0.5:
                    nature = "informal" if self.rng.random() < 0.3 else "duty"
                    add(one.id, other.id, "field", 50, nature)
        for place in range(self.districts):
            if place < self.units:
                add(office_of(place), unit_of(place), "territory", 20)
            chosen = self.offices[int(self.rng.integers(len(self.offices)))]
            add(office_of(place), chosen.id, "territory", 25)
        return list(found.values())


def _at(place: Place) -> Row:
    return {"lat": place.lat, "lon": place.lon}
