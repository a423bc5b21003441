"""Who gets what, so that the sum of all costs is the least there can be.

Pure numbers: rows are requests, columns are volunteers. The solvers are SciPy's, which this module
only puts the question to:

* *A row may stay unfilled* at a cost of its own: that is one more column which only that row may
  take. So every row can be filled, and "infeasible" (what SciPy raises when a row has nothing but
  forbidden pairs) happens only when staying unfilled is not allowed.
* *Forbidden pairs* are not in the question at all where it is sparse. Where it is dense they stand as
  infinity, which SciPy never chooses.
* *A volunteer may take several*: the column is repeated, each time dearer.
* *Ties* break by the order of the columns, not by chance: every cost is multiplied, and the place of
  the column added, so that among the cheapest answers one with the earliest columns wins.
* *Blocks*: requests and volunteers that no permitted pair connects are solved apart.

Two reductions lose nothing. Blocks, plainly. And :func:`cheapest`: among n rows, a row needs no more
than its n cheapest columns, because the others can take at most n - 1 of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

Integers = NDArray[np.int64]

UNFILLED = -1
# Above this many cells a block is put to the sparse solver: 2 million are 16 MB.
DENSE_CELLS = 2_000_000
# Up to here every whole number is a float, which both solvers count in.
EXACT = 2**53


class NotAllCanBeFilled(Exception):
    """No assignment fills every row, and none may stay unfilled."""


@dataclass(frozen=True)
class Choices:
    """The columns that one row may take, ascending, and what each costs."""

    columns: Integers
    costs: Integers

    def __len__(self) -> int:
        return len(self.columns)


@dataclass(frozen=True)
class Assignment:
    """``columns[row]`` is what the row got, ``UNFILLED`` when nothing; ``total`` counts everything:
    pairs, what repeating a column adds, and rows that stay unfilled."""

    columns: tuple[int, ...]
    total: int

    @property
    def filled(self) -> int:
        return sum(column != UNFILLED for column in self.columns)


@dataclass(frozen=True)
class Problem:
    """``places[column]`` is how many rows a column can take; ``again[n]`` what its n-th costs more,
    never less than the one before. ``unfilled[row]`` is what it costs that the row stays empty;
    ``None``: each row has to be filled.

    :raises ValueError: when a column has more places than ``again`` has costs, or ``again`` falls.
    """

    rows: Sequence[Choices]
    places: Integers
    unfilled: Integers | None
    again: tuple[int, ...] = (0,)

    def __post_init__(self) -> None:
        if len(self.places) and int(self.places.max()) > len(self.again):
            raise ValueError("a column has more places than there are costs for them")
        if any(one > two for one, two in zip(self.again, self.again[1:], strict=False)):
            raise ValueError("a further place must not be cheaper")


def choices(costs: Sequence[Sequence[float]] | NDArray[np.float64]) -> list[Choices]:
    """Rows from a whole matrix in which infinity stands for a forbidden pair."""
    matrix = np.asarray(costs, dtype=np.float64)
    rows = []
    for row in matrix:
        (columns,) = np.nonzero(np.isfinite(row))
        rows.append(Choices(columns.astype(np.int64), row[columns].astype(np.int64)))
    return rows


def cheapest(row: Choices, count: int) -> Choices:
    """The ``count`` cheapest choices of a row; of equals, those with the earlier columns."""
    if len(row) <= count:
        return row
    order = np.argpartition(row.costs * (int(row.columns[-1]) + 1) + row.columns, count - 1)[:count]
    order.sort()
    return Choices(row.columns[order], row.costs[order])


def assign(
    problem: Problem, *, after_block: Callable[[int, int], None] = lambda done, total: None
) -> Assignment:
    """The assignment with the least total; the same question always has the same answer.

    ``after_block(rows done, rows)`` is called after each block, and may raise to end it. A block is
    one call into SciPy, which cannot be interrupted.

    :raises NotAllCanBeFilled: when ``unfilled`` is ``None`` and some row cannot be filled.
    """
    number = len(problem.rows)
    found = np.full(number, UNFILLED, dtype=np.int64)
    done = 0
    for block in _blocks(problem):
        found[block] = _solve(problem, block)
        done += len(block)
        after_block(done, number)
    return Assignment(tuple(int(column) for column in found), total(problem, found))


def greedy(problem: Problem) -> Assignment:
    """Row by row, each takes the cheapest that is left: what a coordinator with a list would do.

    Kept to measure by. It finds nothing that :func:`assign` does not find cheaper or as cheap.

    :raises NotAllCanBeFilled: as :func:`assign`; it also gives up where that would find a way.
    """
    taken = np.zeros(len(problem.places), dtype=np.int64)
    again = np.array(problem.again, dtype=np.int64)
    found = np.full(len(problem.rows), UNFILLED, dtype=np.int64)
    for at, row in enumerate(problem.rows):
        left = taken[row.columns] < problem.places[row.columns]
        columns, costs = row.columns[left], row.costs[left]
        costs = costs + again[taken[columns]]
        if len(columns):
            best = int(costs.argmin())
            if problem.unfilled is None or costs[best] < problem.unfilled[at]:
                found[at] = columns[best]
                taken[columns[best]] += 1
                continue
        if problem.unfilled is None:
            raise NotAllCanBeFilled
    return Assignment(tuple(int(column) for column in found), total(problem, found))


def total(problem: Problem, columns: Sequence[int] | Integers) -> int:
    """What an assignment costs."""
    taken: dict[int, int] = {}
    cost = 0
    for at, (row, column) in enumerate(zip(problem.rows, columns, strict=True)):
        if column == UNFILLED:
            if problem.unfilled is None:
                raise NotAllCanBeFilled
            cost += int(problem.unfilled[at])
            continue
        place = int(np.searchsorted(row.columns, column))
        if place == len(row) or row.columns[place] != column:
            raise ValueError("a row was given a column that it may not take")
        cost += int(row.costs[place]) + problem.again[taken.get(int(column), 0)]
        taken[int(column)] = taken.get(int(column), 0) + 1
    return cost


# --- Blocks -----------------------------------------------------------------------------------------


def _blocks(problem: Problem) -> list[Integers]:
    """Rows that share volunteers, in the order of their first row; rows without any choice left out
    when they may stay unfilled."""
    number = len(problem.rows)
    rows = np.repeat(np.arange(number), [len(row) for row in problem.rows])
    if problem.unfilled is None and len(np.unique(rows)) < number:
        raise NotAllCanBeFilled
    if not len(rows):
        return []
    columns = np.concatenate([row.columns for row in problem.rows])
    graph = coo_array(
        (np.ones(len(rows), dtype=np.int8), (rows, number + columns)),
        shape=(number + len(problem.places),) * 2,
    )
    _count, labels = connected_components(graph, directed=False)
    by_label: dict[int, list[int]] = {}
    for row in np.unique(rows):
        by_label.setdefault(int(labels[row]), []).append(int(row))
    return [np.array(block, dtype=np.int64) for block in by_label.values()]


def _solve(problem: Problem, block: Integers) -> Integers:
    """The columns of the rows of one block."""
    some = [cheapest(_with_places(problem, row), len(block)) for row in block]
    lengths = [len(row) for row in some]
    rows = np.repeat(np.arange(len(block)), lengths)
    columns = np.concatenate([row.columns for row in some])
    costs = np.concatenate([row.costs for row in some])
    used, columns = np.unique(columns, return_inverse=True)
    # Each place of a column is a column of its own, side by side, the first place first.
    places = np.minimum(problem.places[used], len(block))
    begins = np.concatenate([[0], np.cumsum(places)])
    width = int(begins[-1])
    each = places[columns]
    nth = np.arange(int(each.sum())) - np.repeat(np.cumsum(each) - each, each)
    again = np.array(problem.again, dtype=np.int64)
    rows = np.repeat(rows, each)
    owner = np.repeat(columns, each)
    places_taken = begins[owner] + nth
    costs = np.repeat(costs, each) + again[nth]
    if problem.unfilled is not None:
        # One more column for each row, which only it may take.
        here = np.arange(len(block))
        rows = np.concatenate([rows, here])
        places_taken = np.concatenate([places_taken, width + here])
        costs = np.concatenate([costs, problem.unfilled[block]])
    wide = width + (len(block) if problem.unfilled is not None else 0)
    if wide < len(block):
        raise NotAllCanBeFilled
    keyed = _with_ties(costs, places_taken, len(block), wide)
    if len(block) * wide <= DENSE_CELLS:
        chosen = _dense(rows, places_taken, keyed, (len(block), wide))
    else:
        chosen = _sparse(rows, places_taken, keyed, (len(block), wide))
    owner_of = np.concatenate([np.repeat(used, places), np.full(wide - width, UNFILLED)])
    return owner_of[chosen]


def _with_places(problem: Problem, at: int) -> Choices:
    row = problem.rows[at]
    left = problem.places[row.columns] > 0
    return row if left.all() else Choices(row.columns[left], row.costs[left])


def _with_ties(costs: Integers, columns: Integers, height: int, width: int) -> Integers:
    """Costs in which one answer is the least where several were: the earlier columns win.

    The sum of the places of the columns counts below one unit of cost. A question too large to do
    that without losing a unit keeps its costs; then only the solver's own order decides, which is
    the same each time too.
    """
    costs = costs - costs.min()
    scale = height * width + 1
    if int(costs.max() + 1) * scale * height >= EXACT:
        return costs
    return costs * scale + columns


def _dense(rows: Integers, columns: Integers, costs: Integers, shape: tuple[int, int]) -> Integers:
    matrix = np.full(shape, np.inf)
    matrix[rows, columns] = costs
    try:
        _rows, chosen = linear_sum_assignment(matrix)
    except ValueError as error:
        raise NotAllCanBeFilled from error
    return chosen.astype(np.int64)


def _sparse(rows: Integers, columns: Integers, costs: Integers, shape: tuple[int, int]) -> Integers:
    # A stored nought is no edge to it: everything one dearer, for each row once.
    graph = csr_array((costs.astype(np.float64) + 1, (rows, columns)), shape=shape)
    try:
        found, chosen = min_weight_full_bipartite_matching(graph)
    except ValueError as error:
        raise NotAllCanBeFilled from error
    return chosen[np.argsort(found)].astype(np.int64)
