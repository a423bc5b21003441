"""The assignment: published cases, brute force, greedy, ties, places, rows that stay unfilled."""

from __future__ import annotations

import os
from itertools import permutations, product
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteers.matching import assignment
from volunteers.matching.assignment import (
    UNFILLED,
    Choices,
    NotAllCanBeFilled,
    Problem,
    assign,
    cheapest,
    choices,
    greedy,
)

inf = np.inf
SOLVERS = ("dense", "sparse")


@pytest.fixture(params=SOLVERS)
def solver(request, monkeypatch):
    """Each of SciPy's two solvers, whatever the size."""
    monkeypatch.setattr(assignment, "DENSE_CELLS", 10**9 if request.param == "dense" else 0)
    return request.param


def problem(matrix, *, unfilled=None, places=1, again=(0,)) -> Problem:
    rows = choices(matrix)
    width = len(matrix[0])
    stay = None if unfilled is None else np.full(len(rows), unfilled, dtype=np.int64)
    return Problem(rows, np.full(width, places, dtype=np.int64), stay, again)


def paid(matrix, found) -> list[float]:
    return [matrix[row][column] for row, column in enumerate(found.columns)]


# --- Published --------------------------------------------------------------------------------------

# SciPy's own tests of linear_sum_assignment and min_weight_full_bipartite_matching, and the example
# of its documentation.
PUBLISHED = [
    ([[400, 150, 400], [400, 450, 600], [300, 225, 300]], [150, 400, 300]),
    ([[400, 150, 400, 1], [400, 450, 600, 2], [300, 225, 300, 3]], [150, 2, 300]),
    ([[10, 10, 8], [9, 8, 1], [9, 7, 4]], [10, 1, 7]),
    ([[10, 10, 8, 11], [9, 8, 1, 1], [9, 7, 4, 10]], [10, 1, 4]),
    ([[10, inf, inf], [inf, inf, 1], [inf, 7, inf]], [10, 1, 7]),
    ([[4, 1, 3], [2, 0, 5], [3, 2, 2]], [1, 2, 2]),
]


@pytest.mark.parametrize(("matrix", "expected"), PUBLISHED)
def test_scipys_published_cases(solver, matrix, expected):
    found = assign(problem(matrix))
    assert paid(matrix, found) == expected
    assert found.total == sum(expected)


def test_a_column_of_infinities_is_infeasible(solver):
    matrix = [[inf, 1, 2], [inf, 3, 4], [inf, 5, 6]]
    with pytest.raises(NotAllCanBeFilled):
        assign(problem(matrix))
    with pytest.raises(NotAllCanBeFilled):
        assign(problem([[inf, inf], [1, 2]]))


def test_the_infeasible_case_leaves_one_unfilled_where_that_is_allowed(solver):
    found = assign(problem([[inf, 1, 2], [inf, 3, 4], [inf, 5, 6]], unfilled=100))
    assert found.columns == (1, 2, UNFILLED)
    assert found.total == 1 + 4 + 100


@pytest.mark.parametrize("size", [2, 9, 60, 300])
def test_machol_and_wien(solver, size):
    """The hard family c(i, j) = i * j (Machol and Wien 1976): reversed is best, n(n+1)(n+2)/6."""
    numbers = np.arange(1, size + 1)
    found = assign(problem(np.outer(numbers, numbers).astype(float)))
    assert found.total == size * (size + 1) * (size + 2) // 6
    assert found.columns == tuple(range(size - 1, -1, -1))


OPTIMA = {100: 305, 200: 475, 300: 626, 400: 804, 500: 991, 600: 1176, 700: 1362, 800: 1552}


@pytest.mark.shared_data
def test_or_library():
    """Beasley's OR-Library. The files are not ours to keep: they are read where somebody laid them."""
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    folder = Path(os.environ.get("DCSN_SHARED_DATA", beside)) / "or_library"
    present = {n: best for n, best in OPTIMA.items() if (folder / f"assign{n}.txt").exists()}
    if not present:
        pytest.skip("no assign100.txt to assign800.txt of the OR-Library lie beside the project")
    for size, optimum in present.items():
        number, *costs = (int(word) for word in (folder / f"assign{size}.txt").read_text().split())
        assert number == size
        matrix = np.array(costs, dtype=float).reshape(size, size)
        assert assign(problem(matrix)).total == optimum


# --- Brute force ------------------------------------------------------------------------------------


def least(matrix, unfilled, places=1, again=(0,)) -> float | None:
    """The least total by trying everything; ``None`` when no answer fills all."""
    height, width = len(matrix), len(matrix[0])
    best = None
    for answer in product(range(-1, width), repeat=height):
        cost, taken = 0, [0] * width
        for row, column in enumerate(answer):
            if column < 0:
                cost += inf if unfilled is None else unfilled
            elif taken[column] == places:
                cost = inf
            else:
                cost += matrix[row][column] + again[taken[column]]
                taken[column] += 1
        if cost < inf and (best is None or cost < best):
            best = cost
    return best


cells = st.one_of(st.integers(-60, 400), st.integers(0, 3), st.just(inf))


@st.composite
def matrices(draw, most=7, width=None):
    height = draw(st.integers(1, most))
    width = width or draw(st.integers(1, most))
    return [[draw(cells) for _ in range(width)] for _ in range(height)]


def by_permutations(matrix) -> float:
    """The least total that fills every row of a matrix that is at least as wide as it is high."""
    return min(
        sum(row[column] for row, column in zip(matrix, order, strict=True))
        for order in permutations(range(len(matrix[0])), len(matrix))
    )


@given(st.integers(1, 7).flatmap(lambda n: matrices(most=n, width=7)), st.sampled_from(SOLVERS))
def test_up_to_seven_by_seven_nothing_is_cheaper(matrix, name):
    assignment.DENSE_CELLS, before = (10**9 if name == "dense" else 0), assignment.DENSE_CELLS
    try:
        best = by_permutations(matrix)
        if best == inf:
            with pytest.raises(NotAllCanBeFilled):
                assign(problem(matrix))
        else:
            found = assign(problem(matrix))
            assert found.total == best == sum(paid(matrix, found))
    finally:
        assignment.DENSE_CELLS = before


@given(
    matrices(most=4),
    st.sampled_from([0, 50, 1000]),
    st.sampled_from([(1, (0,)), (2, (0, 7)), (3, (0, 7, 7))]),
    st.sampled_from(SOLVERS),
)
def test_with_rows_unfilled_and_several_places_nothing_is_cheaper(matrix, unfilled, several, name):
    places, again = several
    assignment.DENSE_CELLS, before = (10**9 if name == "dense" else 0), assignment.DENSE_CELLS
    try:
        found = assign(problem(matrix, unfilled=unfilled, places=places, again=again))
    finally:
        assignment.DENSE_CELLS = before
    assert found.total == least(matrix, unfilled, places, again)
    for row, column in enumerate(found.columns):
        assert column == UNFILLED or matrix[row][column] < inf
    taken = [column for column in found.columns if column != UNFILLED]
    assert all(taken.count(column) <= places for column in taken)


# --- Greedy -----------------------------------------------------------------------------------------


def test_never_worse_than_greedy_on_500_random_cases():
    better = 0
    for seed in range(500):
        chance = Random(seed)
        height, width = chance.randrange(1, 30), chance.randrange(1, 40)
        matrix = [
            [inf if chance.random() < 0.4 else chance.randrange(300) for _ in range(width)]
            for _ in range(height)
        ]
        question = problem(
            matrix, unfilled=chance.choice([100, 1000]), places=chance.choice([1, 2]), again=(0, 30)
        )
        best, simple = assign(question), greedy(question)
        assert best.total <= simple.total
        better += best.total < simple.total
    # A test of the test: were both the same, it would show nothing.
    assert better > 250


def test_greedy_is_caught_by_the_classic_trap():
    matrix = [[1, 2], [1, 100]]
    assert greedy(problem(matrix)).total == 101
    assert assign(problem(matrix)).total == 3


# --- Ties, blocks, reductions -------------------------------------------------------------------------


def test_of_equal_columns_the_earlier_one_wins(solver):
    assert assign(problem([[5] * 9])).columns == (0,)
    assert sorted(assign(problem([[5] * 9] * 3)).columns) == [0, 1, 2]


@given(matrices(most=5), st.sampled_from(SOLVERS))
def test_of_all_cheapest_answers_one_with_the_earliest_columns(matrix, name):
    assignment.DENSE_CELLS, before = (10**9 if name == "dense" else 0), assignment.DENSE_CELLS
    matrix = [[value if value == inf else value % 3 for value in row] for row in matrix]
    try:
        found = assign(problem(matrix, unfilled=10))
        again = assign(problem(matrix, unfilled=10))
    finally:
        assignment.DENSE_CELLS = before
    assert found == again
    assert found.total == least(matrix, 10)
    if UNFILLED not in found.columns and len(matrix) <= len(matrix[0]):
        equals = [
            sum(order)
            for order in permutations(range(len(matrix[0])), len(matrix))
            if sum(row[c] for row, c in zip(matrix, order, strict=True)) == found.total
        ]
        assert sum(found.columns) == min(equals)


def test_blocks_are_told_as_they_are_done_and_may_end_it():
    apart = [[1, inf, inf], [inf, 2, 1], [inf, 1, 2], [inf, inf, inf]]
    told = []
    found = assign(problem(apart, unfilled=9), after_block=lambda done, of: told.append((done, of)))
    assert found.columns == (0, 2, 1, UNFILLED)
    assert told == [(1, 4), (3, 4)]

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assign(problem(apart, unfilled=9), after_block=stop)


def test_the_cheapest_n_of_a_row_are_kept_and_equals_by_column():
    row = Choices(np.array([2, 4, 5, 9]), np.array([7, 1, 7, 1]))
    kept = cheapest(row, 3)
    assert (kept.columns.tolist(), kept.costs.tolist()) == ([2, 4, 9], [7, 1, 1])
    assert cheapest(row, 4) is row


def test_a_column_without_places_takes_nobody(solver):
    question = Problem(choices([[1, 5], [1, 6]]), np.array([0, 1]), np.array([50, 50]))
    assert assign(question).columns == (1, UNFILLED)


def test_a_question_that_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="more places"):
        problem([[1]], places=2)
    with pytest.raises(ValueError, match="cheaper"):
        problem([[1]], places=2, again=(5, 0))
    with pytest.raises(ValueError, match="may not take"):
        assignment.total(problem([[inf, 1]]), [0])


def test_nothing_to_do():
    assert assign(Problem([], np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))).total == 0
    empty = Choices(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    alone = Problem([empty], np.zeros(0, dtype=np.int64), np.array([8]))
    assert assign(alone) == greedy(alone)
    assert assign(alone).columns == (UNFILLED,)
