"""Maps of a city: where its offices are today, and who goes where under a plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from numpy.typing import NDArray

from opdanalysis.city.city import City
from opdanalysis.city.placement import Placement
from opdanalysis.figures.ground import (
    DOTS,
    SHIFT,
    apart,
    area,
    arrow_boxes,
    draw_arrow,
    draw_marks,
    kilometres,
    legend_bridge,
    legend_mark,
    mark_boxes,
    radius_of,
    say_shift,
    sheet,
)
from opdanalysis.figures.labels import Label, place_labels
from opdanalysis.figures.style import BLUE, GREY, INK, LIGHT, ORANGE, PALE, RED, balanced, styled
from opdanalysis.plans.plan import Plan
from opdanalysis.text.words import Words

Floats = NDArray[np.float64]

SMALL_KINDS = ("uptd", "counter", "partner")
"""Kinds of agency that are drawn as small offices."""

TENANTS = {"city": ("o", BLUE), "kecamatan": ("s", ORANGE), "small": ("^", "white")}
"""Mark and filling by the kind of the main tenant."""

RING = "#d4d4d4"

LARGE_ERROR_M = 1000.0
"""From here on the error of a place is drawn [m]."""

NAMED_SITES = 8


def city_table(city: City, placement: Placement | None = None) -> pd.DataFrame:
    """One row per building in use: place [km], staff, tenants, kind of main tenant, error [m]."""
    placement = city.today if placement is None else placement
    places = kilometres(city)
    rows = []
    for place, building in enumerate(city.buildings):
        tenants = [city.agency(agency) for agency in placement.tenants(building.id)]
        if not tenants:
            continue
        main = max(tenants, key=lambda agency: agency.staff.value)
        staff = sum(agency.staff.value for agency in tenants)
        who = (staff, len(tenants), _tenant(main.kind))
        rows.append((building.id, building.site, *places[place], *who, building.position.error_m))
    columns = ["building", "site", "east_km", "north_km", "staff", "tenants", "kind", "error_m"]
    return pd.DataFrame(rows, columns=columns)


def moves_table(city: City, plan: Plan) -> pd.DataFrame:
    """One row per pair of buildings: how many agencies and staff go from one to the other.

    `small` tells the moves of UPTD, counters and other small offices alone.
    """
    placement = plan.place(city)
    rows = [
        (city.today[a], placement[a], 1, city.agency(a).staff.value, _small(city.agency(a).kind))
        for a in city.today.movers(placement)
    ]
    moves = pd.DataFrame(rows, columns=["from", "to", "agencies", "staff", "small"])
    added = {"agencies": "sum", "staff": "sum", "small": "all"}
    return moves.groupby(["from", "to"], sort=False, as_index=False).agg(added)


@styled
def plot_city(
    city: City, words: Words, placement: Placement | None = None, ax: Axes | None = None
) -> Axes:
    """A map of the offices under a placement, by default today's; marks grow with the staff."""
    table = city_table(city, placement)
    unsure = table[table["error_m"] >= LARGE_ERROR_M]
    note = [words("figure.map.note", km=SHIFT)]
    if len(unsure):
        note.append(words("figure.map.note_error", buildings=len(unsure), all=len(table)))
    if city.synthetic:
        note.append(words("figure.note.invented"))
    handles = [legend_mark(*TENANTS[kind], words(f"tenant.{kind}")) for kind in TENANTS]
    handles += [
        legend_mark("o", BLUE, words("figure.map.staff", staff=n), area(n)) for n in (50, 200)
    ]
    handles.append(legend_mark(".", DOTS, words("figure.map.kelurahan"), 9, DOTS))
    handles += legend_bridge(city, words)
    if len(unsure):
        handles.append(legend_mark("o", "none", words("figure.map.error"), 80, RING))
    title = words("figure.map.title", city=city.name_in(words.lang))
    ax = sheet(city, words, title, " ".join(note), handles, ax)
    for place, reach in _errors(city, unsure):
        ax.add_patch(Circle(tuple(place), reach, fill=False, color=RING, linewidth=0.6, zorder=1.5))
    places = apart(ax, table)
    say_shift(ax, table, places, words)
    table[["east_km", "north_km"]] = places
    for kind, (mark, colour) in TENANTS.items():
        draw_marks(ax, table[table["kind"] == kind], mark, colour)
    sites = table.groupby("site")["staff"].sum().sort_values(ascending=False, kind="stable")
    largest = table.sort_values("staff", ascending=False, kind="stable").groupby("site").first()
    labels = [
        _building_label(city, row, words)
        for row in largest.loc[sites.index[:NAMED_SITES]].itertuples()
    ]
    bridges = bridge_labels(city)
    labels = [
        *kecamatan_labels(city),
        *river_labels(city, words),
        *bridges[:1],
        *labels,
        *bridges[1:],
    ]
    place_labels(ax, labels, mark_boxes(ax, table))
    return ax


@styled
def plot_moves(city: City, plan: Plan, words: Words, ax: Axes | None = None) -> Axes:
    """A map of the moves of a plan: arrows from today's building to the next, wide by employees."""
    placement = plan.place(city)
    moves = moves_table(city, plan)
    vacated = city.today.vacated(placement)
    note = _moves_note(city, moves, len(vacated), words)
    handles = [
        legend_mark("s", RED, words("figure.map.host"), 45),
        legend_mark("o", PALE, words("figure.map.stays"), 40, LIGHT),
        legend_mark("o", "white", words("figure.map.vacated"), 40),
        Line2D([], [], color=INK, linewidth=2, label=words("figure.map.move")),
        Line2D([], [], color=GREY, linewidth=0.8, label=words("figure.map.move_small")),
        *legend_bridge(city, words),
    ]
    title = words("figure.map.title_moves", plan=words.of(plan.name, plan.id))
    ax = sheet(city, words, title, note, handles, ax)
    table = _under_plan(city, plan, placement)
    places = apart(ax, table)
    say_shift(ax, table, places, words)
    table[["east_km", "north_km"]] = places
    hosts = set(moves["to"])
    is_host, left = table["building"].isin(hosts), table["building"].isin(vacated)
    draw_marks(ax, table[~is_host & ~left], "o", PALE, LIGHT)
    draw_marks(ax, table[left], "o", "white")
    draw_marks(ax, table[is_host], "s", RED)
    place = table.set_index("building")
    covered = [mark_boxes(ax, table)]
    for move in moves.sort_values("small", ascending=False, kind="stable").itertuples(index=False):
        ends = place.loc[move[0]], place.loc[move.to]
        draw_arrow(ax, *ends, move.staff, move.small)
        if not move.small:
            covered.append(arrow_boxes(ax, *ends))
    arriving = moves.groupby("to")["agencies"].sum().sort_values(ascending=False, kind="stable")
    labels = [_host_label(city, host, place.loc[host], n, words) for host, n in arriving.items()]
    labels.sort(key=lambda label: not label.bold)
    labels += [*river_labels(city, words), *bridge_labels(city)[:1]]
    place_labels(ax, labels, np.vstack(covered))
    return ax


def _moves_note(city: City, moves: pd.DataFrame, vacated: int, words: Words) -> str:
    """What stands under a map of moves; a number such as "+3" is explained where there is one."""
    if moves.empty:
        note = [words("figure.map.note_no_moves")]
    else:
        agencies = int(moves["agencies"].sum())
        note = [words("figure.map.note_moves", agencies=agencies, buildings=vacated, km=SHIFT)]
    offices = {city.today[office] for office in city.kecamatan_office.values()}
    joining = moves[moves["to"].isin(offices)].groupby("to")["agencies"].sum()
    if len(joining):
        note.append(words("figure.map.note_few", units=joining.max()))
    left = [city.building(building) for building in moves.loc[moves["small"], "from"]]
    if any(building.position.error_m >= LARGE_ERROR_M for building in left):
        note.append(words("figure.map.note_small"))
    if city.synthetic:
        note.append(words("figure.note.invented"))
    return " ".join(note)


def _small(kind: str) -> bool:
    return kind in SMALL_KINDS


def _tenant(kind: str) -> str:
    return "small" if _small(kind) else "kecamatan" if kind == "kecamatan" else "city"


def _under_plan(city: City, plan: Plan, placement: Placement) -> pd.DataFrame:
    """The buildings in use today or under the plan, with the larger of both staffs."""
    both = pd.concat([city_table(city), city_table(city, placement)])
    return both.sort_values("staff", kind="stable").drop_duplicates("building", keep="last")


def _errors(city: City, unsure: pd.DataFrame) -> list[tuple[Floats, float]]:
    """Middle and radius [km] of the circles of error, one for each kecamatan and size of error."""
    kecamatan = unsure["building"].map(lambda id: city.building(id).kecamatan)
    groups = unsure.groupby([kecamatan, "error_m"])[["east_km", "north_km"]].mean()
    return [(middle.to_numpy(), error / 1000) for (_, error), middle in groups.iterrows()]


def _building_label(city: City, row: Any, words: Words) -> Label:
    name = balanced(city.building(row.building).name_in(words.lang), 26)
    return Label(name, row.east_km, row.north_km, radius_of(row.staff))


def _host_label(city: City, host: Any, row: Any, agencies: int, words: Words) -> Label:
    """A kecamatan office says its kecamatan and a number; every other host its full name."""
    if row.kind == "kecamatan":
        names = {k.id: k.name for k in city.kecamatan}
        few = words("figure.map.arriving_few", agencies=agencies)
        text = f"{names[city.building(host).kecamatan]} {few}"
        return Label(text, row.east_km, row.north_km, radius_of(row.staff), colour=GREY)
    name = balanced(city.building(host).name_in(words.lang), 26)
    text = f"{name}\n({words('figure.map.arriving', agencies=agencies)})"
    return Label(text, row.east_km, row.north_km, radius_of(row.staff), bold=True)


def kecamatan_labels(city: City) -> list[Label]:
    """The kecamatan, each at its centre."""
    centres = city.metres([k.position for k in city.kecamatan]) / 1000
    return [
        Label(one.name, east, north, reach=26, colour=GREY, centred=True)
        for one, (east, north) in zip(city.kecamatan, centres, strict=True)
    ]


def bridge_labels(city: City) -> list[Label]:
    """The bridges, the nearest to the city's centre first; that one may stand farther away."""
    places = city.metres([bridge.position for bridge in city.bridges]) / 1000
    found = []
    for rank, number in enumerate(np.argsort(np.hypot(*places.reshape(-1, 2).T), kind="stable")):
        (east, north), reach = places[number], 56 if rank else 110
        name = city.bridges[number].name
        found.append(Label(name, east, north, 4, reach=reach, italic=True, modest=True))
    return found


def river_labels(city: City, words: Words) -> list[Label]:
    """One label, where the river runs straight for longest."""
    river = city.metres(city.river) / 1000
    if not len(river):
        return []
    key = f"figure.map.river.{city.id}"
    text = words(key if key in words else "figure.map.river.any")
    longest = np.hypot(*np.diff(river, axis=0).T).argmax()
    middle = river[[longest, longest + 1]].mean(axis=0)
    return [
        Label(text, *middle, reach=35, colour="#3b6f94", italic=True, centred=True, modest=True)
    ]
