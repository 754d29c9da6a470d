"""What the things of a city are called, in Indonesian or English."""

from __future__ import annotations

from itertools import takewhile

from opdanalysis.city.city import City

LINKS = ("of", "for", "di")
"""Words that tie a unit to its kecamatan."""


def entity_name(city: City, kind: str, id: str, lang: str) -> str:
    """The name of an entity by the table that lists it, such as "agencies" or "ties".

    Of a tie the names of both agencies and the layer; of an unknown kind the id.
    """
    if kind == "agencies":
        return city.agency(id).name_in(lang)
    if kind in ("buildings", "places", "supplies"):
        return city.building(id).name_in(lang)
    if kind == "kecamatan":
        return next(k.name for k in city.kecamatan if k.id == id)
    if kind == "services":
        return city.service(id).name_in(lang)
    if kind == "steps":
        step = next(step for step in city.steps if step.id == id)
        service, agency = city.service(step.service), city.agency(step.agency)
        return f"{service.name_in(lang)}, {step.order}: {agency.name_in(lang)}"
    if kind == "journeys":
        return next(journey.name_in(lang) for journey in city.journeys if journey.id == id)
    if kind == "ties":
        tie = next(tie for tie in city.ties if tie.id == id)
        ends = [city.agency(end).name_in(lang) for end in (tie.from_agency, tie.to_agency)]
        return " – ".join(ends)
    return id


def group_name(city: City, group: str, lang: str) -> str:
    """What the units of a group have in common in their names, without the kecamatan."""
    kecamatan = {k.id: k.name for k in city.kecamatan}
    names = [
        agency.name_in(lang).replace(kecamatan.get(agency.kecamatan or "", " "), "").split()
        for agency in city.members(group)
    ]
    shared = [word[0] for word in takewhile(lambda w: len(set(w)) == 1, zip(*names, strict=False))]
    while shared and shared[-1] in LINKS:
        shared.pop()
    return " ".join(shared) or group
