"""The loop of the tabu search: the best move, again and again."""

from __future__ import annotations

import numpy as np

PENALTY_STEP = 1.02


def tabu_loop(
    tie,
    gap,
    lean,
    slope,
    demand,
    room,
    opening,
    choices,
    n_choices,
    allowed,
    conflict,
    start,
    max_moves,
    keys,
    only_swaps,
    cost,
    table,
    sites,
    best,
    penalty,
    word,
    blocked,
    clock,
    plans,
    plan_values,
    plan_marks,
    moves,
    patience,
    tenure_least,
    tenure_span,
    best_found,
):
    """Make up to `moves` moves from `sites`, in place; all that the walk remembers is passed in."""
    n, m = table.shape
    r = demand.shape[1]
    two_way = lean.shape[0] > 0
    has_conflict = conflict.shape[0] > 0
    limited = max_moves < n
    load = np.zeros((m, r))
    count = np.zeros(m, dtype=np.int64)
    quarrels = np.zeros((n, m), dtype=np.int64)
    mark = np.int64(0)
    moved = 0
    for i in range(n):
        k = sites[i]
        count[k] += 1
        mark ^= keys[i, k]
        if limited and k != start[i]:
            moved += 1
        for c in range(r):
            load[k, c] += demand[i, c]
        if has_conflict:
            for j in range(n):
                if conflict[i, j]:
                    quarrels[j, k] += 1
    excess = np.zeros((m, r))
    value = 0.0
    for i in range(n):
        # table holds each pair twice and the linear cost once
        value += (table[i, sites[i]] + cost[i, sites[i]]) / 2
    for k in range(m):
        if count[k] > 0:
            value += opening[k]
        for c in range(r):
            excess[k, c] = max(0.0, load[k, c] - room[k, c])
    clash = 0
    if has_conflict:
        for i in range(n):
            clash += quarrels[i, sites[i]]
        clash //= 2
    best_value = best_found[0]
    worst_slot = 0
    for a in range(plan_values.shape[0]):
        if plan_values[a] > plan_values[worst_slot]:
            worst_slot = a
    state = word[0]
    step = clock[0]
    since = clock[1]
    last = step + moves
    relief_at = np.zeros(m)  # the most that leaving a site can save in penalties
    owns = np.zeros(n)
    crossing = np.zeros((m, m))
    for k in range(m):
        for h in range(m):
            crossing[k, h] = 2.0 * gap[k, h] - gap[k, k] - gap[h, h]
    plain = not has_conflict and not limited
    move_price = penalty[r + 1]
    while step <= last:
        # --- where we stand
        broken = clash > 0 or (limited and moved > max_moves)
        if not broken:
            for k in range(m):
                for c in range(r):
                    if excess[k, c] > 0.0:
                        broken = True
        if not broken:
            if value < best_value - 1e-9 * abs(value):
                best_value = value
                for i in range(n):
                    best[i] = sites[i]
                since = 0
            if value < plan_values[worst_slot]:
                known = False
                for a in range(plan_values.shape[0]):
                    if plan_marks[a] == mark:
                        known = True
                        break
                if not known:
                    plan_values[worst_slot] = value
                    plan_marks[worst_slot] = mark
                    for i in range(n):
                        plans[worst_slot, i] = sites[i]
                    for a in range(plan_values.shape[0]):
                        if plan_values[a] > plan_values[worst_slot]:
                            worst_slot = a
        if step == last or since > patience:
            break
        # --- the best move that is not blocked, or that leads to a better plan than any so far
        best_key = np.inf
        best_i = -1
        best_j = -1
        best_l = -1
        best_delta = 0.0
        move_price = penalty[r + 1]
        for k in range(m):
            relief_at[k] = 0.0
            for c in range(r):
                relief_at[k] += penalty[c] * excess[k, c]
        for i in range(n):
            owns[i] = table[i, sites[i]]
        for i in range(n):
            k = sites[i]
            own = owns[i]
            home_i = 0
            if limited and k != start[i]:
                home_i = 1
            if not only_swaps:
                relief = 0.0
                for c in range(r):
                    if excess[k, c] > 0.0:
                        relief += penalty[c] * (
                            max(0.0, load[k, c] - demand[i, c] - room[k, c]) - excess[k, c]
                        )
                closing = 0.0
                if count[k] == 1:
                    closing = -opening[k]
                for q in range(n_choices[i]):
                    h = choices[i, q]
                    if h == k:
                        continue
                    delta = table[i, h] - own + closing
                    if count[h] == 0:
                        delta += opening[h]
                    key = delta + relief
                    if plain and key >= best_key:
                        continue  # entering never lowers a penalty
                    for c in range(r):
                        over = load[h, c] + demand[i, c] - room[h, c]
                        if over > 0.0:
                            key += penalty[c] * (over - excess[h, c])
                    if has_conflict:
                        key += penalty[r] * (quarrels[i, h] - quarrels[i, k])
                    if limited:
                        after = moved - home_i
                        if h != start[i]:
                            after += 1
                        key += move_price * (max(0, after - max_moves) - max(0, moved - max_moves))
                    if key < best_key:
                        if blocked[i, h] > step and value + delta >= best_value - 1e-9 * abs(value):
                            continue
                        best_key = key
                        best_i = i
                        best_j = -1
                        best_l = h
                        best_delta = delta
            for j in range(i + 1, n):
                h = sites[j]
                delta = (table[i, h] - own) + (table[j, k] - owns[j]) + tie[i, j] * crossing[k, h]
                if plain and delta - relief_at[k] - relief_at[h] >= best_key:
                    continue
                if h == k or not allowed[i, h] or not allowed[j, k]:
                    continue
                key = delta
                for c in range(r):
                    change = demand[j, c] - demand[i, c]
                    key += penalty[c] * (
                        max(0.0, load[k, c] + change - room[k, c])
                        - excess[k, c]
                        + max(0.0, load[h, c] - change - room[h, c])
                        - excess[h, c]
                    )
                if has_conflict:
                    both = 0
                    if conflict[i, j]:
                        both = 2
                    key += penalty[r] * (
                        quarrels[i, h] - quarrels[i, k] + quarrels[j, k] - quarrels[j, h] - both
                    )
                if limited:
                    after = moved - home_i
                    if h != start[i]:
                        after += 1
                    if h != start[j]:
                        after -= 1
                    if k != start[j]:
                        after += 1
                    key += move_price * (max(0, after - max_moves) - max(0, moved - max_moves))
                if key < best_key:
                    if (
                        blocked[i, h] > step
                        and blocked[j, k] > step
                        and value + delta >= best_value - 1e-9 * abs(value)
                    ):
                        continue
                    best_key = key
                    best_i = i
                    best_j = j
                    best_l = h
                    best_delta = delta
        step += 1
        since += 1
        for c in range(r):
            over = False
            for k in range(m):
                if excess[k, c] > 0.0:
                    over = True
            if over:
                penalty[c] *= PENALTY_STEP
        if clash > 0:
            penalty[r] *= PENALTY_STEP
        if moved > max_moves:
            penalty[r + 1] *= PENALTY_STEP
        if not broken:
            # all at once: if one fell while another rose, two broken rules could alternate for ever
            for c in range(r + 2):
                penalty[c] /= PENALTY_STEP
        if best_i < 0:
            continue  # everything is blocked: wait
        # --- make it: one shift, or two
        value += best_delta
        partner_site = sites[best_i]
        for turn in range(2):
            if turn == 0:
                a = best_i
                target = best_l
            else:
                if best_j < 0:
                    break
                a = best_j
                target = partner_site
            k = sites[a]
            state ^= (state << 13) & 4294967295
            state ^= state >> 17
            state ^= (state << 5) & 4294967295
            blocked[a, k] = step + tenure_least + state % tenure_span
            sites[a] = target
            mark ^= keys[a, k] ^ keys[a, target]
            count[k] -= 1
            count[target] += 1
            if limited:
                if k != start[a]:
                    moved -= 1
                if target != start[a]:
                    moved += 1
            for c in range(r):
                load[k, c] -= demand[a, c]
                load[target, c] += demand[a, c]
            if has_conflict:
                clash += quarrels[a, target] - quarrels[a, k]
                for j in range(n):
                    if conflict[a, j]:
                        quarrels[j, k] -= 1
                        quarrels[j, target] += 1
            for i in range(n):
                weight = tie[i, a]
                if weight != 0.0 and i != a:
                    for h in range(m):
                        table[i, h] += weight * (gap[h, target] - gap[h, k])
                if two_way and i != a:
                    weight = lean[i, a]
                    if weight != 0.0:
                        for h in range(m):
                            table[i, h] += weight * (slope[h, target] - slope[h, k])
            for c in range(r):
                excess[k, c] = max(0.0, load[k, c] - room[k, c])
                excess[target, c] = max(0.0, load[target, c] - room[target, c])
    word[0] = state
    clock[0] = step
    clock[1] = since
    best_found[0] = best_value
