"""Who moves where under each plan, side by side."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from opdanalysis.city.city import City
from opdanalysis.city.names import group_name
from opdanalysis.figures.style import (
    BLUE,
    BROWN,
    GREEN,
    GREY,
    INK,
    LARGE,
    LIGHT,
    ORANGE,
    PALE,
    PINK,
    RED,
    SKY,
    SMALL,
    YELLOW,
    balanced,
    finish,
    new_axes,
    short,
    styled,
)
from opdanalysis.plans.plan import KECAMATAN_OFFICE, Plan
from opdanalysis.text.words import Words

VARIOUS = "various"
"""The host of a group whose units go to several places that no rule names."""

ORDER = ("idea", "announced", "done", "rival")
"""Plans stand in this order, so that what was announced is next to what was done."""

COLOURS = (RED, SKY, YELLOW, GREEN, PINK, BLUE, ORANGE, BROWN, LIGHT, INK)
DARK = (RED, GREEN, BLUE, BROWN, INK)
GAP = 0.34
"""Room between what was announced and what was done, in columns."""


def moves_matrix_table(city: City, plans: Sequence[Plan]) -> pd.DataFrame:
    """One row per plan and agency, or group of units, that moves: host, how many move, of how many.

    Columns are plan, row (an agency or a group), host, movers and size. The host is a building,
    "kecamatan-office" where each goes to the office of its own kecamatan, or "various".
    """
    rows = []
    for plan in _ordered(plans):
        placement = plan.place(city)
        hosts: dict[str, list[str]] = {}
        for id in city.today.movers(placement):
            agency = city.agency(id)
            office = city.kecamatan_office.get(agency.kecamatan or "")
            with_office = office not in (None, id) and placement[id] == placement[office or ""]
            host = KECAMATAN_OFFICE if agency.group and with_office else placement[id]
            hosts.setdefault(agency.group or id, []).append(host)
        for row, found in hosts.items():
            host = found[0] if len(set(found)) == 1 else VARIOUS
            rows.append((plan.id, row, host, len(found), len(city.members(row)) or 1))
    return pd.DataFrame(rows, columns=["plan", "row", "host", "movers", "size"])


@styled
def plot_moves_matrix(
    city: City, plans: Sequence[Plan], words: Words, ax: Axes | None = None
) -> Axes:
    """Rows who moves, columns the plans that move anybody, cells the host by colour and letter."""
    table = moves_matrix_table(city, plans)
    shown = [plan for plan in _ordered(plans) if plan.id in set(table["plan"])]
    hosts = list(dict.fromkeys(table["host"]))
    rows = _rows(city, table, shown)
    place = _columns(shown)
    pair = _announced_and_done(shown)
    if ax is None:
        ax = new_axes(7.0 + 0.62 * -(-len(hosts) // 2) + 0.38 * max(len(rows), 3))
    cell = table.set_index(["row", "plan"])
    for y, row in enumerate(rows):
        for plan in shown:
            corner = (place[plan.id] - 0.5, y - 0.5)
            if (row, plan.id) not in cell.index:
                ax.add_patch(Rectangle(corner, 1, 1, facecolor="white", edgecolor=PALE))
                continue
            move = cell.loc[(row, plan.id)]
            number = hosts.index(move["host"])
            colour = COLOURS[number % len(COLOURS)]
            ax.add_patch(Rectangle(corner, 1, 1, facecolor=colour, edgecolor="white", linewidth=1))
            some = f" {move['movers']}" if move["movers"] < move["size"] else ""
            ax.text(
                place[plan.id],
                y,
                _letter(number) + some,
                ha="center",
                va="center_baseline",
                fontsize=SMALL,
                fontweight="bold",
                color="white" if colour in DARK else INK,
            )
        if pair and _host(cell, row, pair[0]) != _host(cell, row, pair[1]):
            ax.text(
                place[pair[1]] - 0.5 - GAP / 2,
                y,
                "≠",
                ha="center",
                va="center",
                fontsize=LARGE,
                fontweight="bold",
            )
    _dress(ax, city, rows, shown, place, words)
    legend = [
        Patch(
            facecolor=COLOURS[n % len(COLOURS)],
            edgecolor=GREY,
            linewidth=0.4,
            label=f"{_letter(n)}   {balanced(_host_name(city, host, words), 42)}",
        )
        for n, host in enumerate(hosts)
    ]
    note = [words("figure.moves.stays")] if hosts else [words("figure.moves.none")]
    if (table["movers"] < table["size"]).any():
        note.append(words("figure.moves.counts"))
    if pair:
        note.append(words("figure.moves.differs"))
    if city.synthetic:
        note.append(words("figure.note.invented"))
    finish(ax, words("figure.moves.title"), " ".join(note), legend, columns=2)
    return ax


def _ordered(plans: Sequence[Plan]) -> list[Plan]:
    proposed = [plan for plan in plans if plan.status in ORDER]
    return sorted(proposed, key=lambda plan: (ORDER.index(plan.status), plan.date or ""))


def _announced_and_done(plans: Sequence[Plan]) -> tuple[str, str] | None:
    """The last announced plan and the first done one, which stand side by side."""
    announced = [plan.id for plan in plans if plan.status == "announced"]
    done = [plan.id for plan in plans if plan.status == "done"]
    return (announced[-1], done[0]) if announced and done else None


def _columns(plans: Sequence[Plan]) -> dict[str, float]:
    """Where each plan's column stands, with a gap between announced and done."""
    pair = _announced_and_done(plans)
    place, found = 0.0, {}
    for plan in plans:
        place += GAP if pair and plan.id == pair[1] else 0
        found[plan.id] = place
        place += 1
    return found


def _host(cell: pd.DataFrame, row: str, plan: str) -> str:
    return str(cell.loc[(row, plan), "host"]) if (row, plan) in cell.index else ""


def _rows(city: City, table: pd.DataFrame, plans: Sequence[Plan]) -> list[str]:
    """Who moves: first under what was announced, by host, then what was done, then the others."""
    order = {agency.group or agency.id: n for n, agency in reversed([*enumerate(city.agencies)])}
    wide = table.pivot(index="row", columns="plan", values="host")
    first = [plan.id for plan in plans if plan.status in ("announced", "done")]
    hosts = list(dict.fromkeys(table["host"]))

    def place(row: str) -> tuple[int, ...]:
        ranks = [hosts.index(h) if isinstance(h := wide.loc[row, p], str) else 99 for p in first]
        return (*ranks, order[row])

    return sorted(wide.index, key=place)


def _letter(number: int) -> str:
    return chr(ord("A") + number)


def _host_name(city: City, host: str, words: Words) -> str:
    if host == KECAMATAN_OFFICE:
        return words("figure.moves.kecamatan_office")
    if host == VARIOUS:
        return words("figure.moves.various")
    return city.building(host).name_in(words.lang)


def _row_name(city: City, row: str, words: Words) -> str:
    units = city.members(row)
    if units:
        name = group_name(city, row, words.lang)
        return words("figure.moves.several", name=name, count=len(units))
    return short(city.agency(row).name_in(words.lang), 47)


def _dress(
    ax: Axes,
    city: City,
    rows: Sequence[str],
    plans: Sequence[Plan],
    place: dict[str, float],
    words: Words,
) -> None:
    """Names of rows and columns; the status of each plan stands over its name."""
    row_names = [_row_name(city, row, words) for row in rows]
    ax.set_yticks(range(len(rows)), row_names, fontsize=SMALL, color=INK)
    names = [
        f"{balanced(words.of(plan.name, plan.id), 26)}\n({words(f'status.{plan.status}')})"
        for plan in plans
    ]
    ax.set_xticks([place[plan.id] for plan in plans], names, fontsize=SMALL, color=INK, rotation=90)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    right = max(place.values(), default=0)
    ax.set(xlim=(-0.5, right + 0.5), ylim=(len(rows) - 0.5, -0.5))
    for spine in ax.spines.values():
        spine.set_visible(False)
