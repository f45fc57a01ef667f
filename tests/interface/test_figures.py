from hypothesis import given, settings
from hypothesis import strategies as st

from buurtwerk.interface.figures import HIDDEN, suppress_small_cells


@st.composite
def tables(draw):
    height, width = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    counts = st.one_of(st.integers(0, 4), st.integers(0, 40))
    return {row: {column: draw(counts) for column in range(width)} for row in range(height)}


def recoverable(shown, row, column):
    """Whether the totals give this hidden cell away.

    The totals fix the sum of the hidden cells per line. Adding to a cell and taking away along a closed
    path of hidden cells changes no total: a cell on such a path could be anything, any other is known.
    """
    cells = [(r, c) for r, columns in shown.items() for c, count in columns.items() if count is HIDDEN]
    reached, todo = set(), [("row", row)]
    while todo:
        line = todo.pop()
        reached.add(line)
        for r, c in cells:
            ends = [("row", r), ("column", c)]
            if (r, c) != (row, column) and line in ends:
                todo += [end for end in ends if end not in reached]
    return ("column", column) not in reached


def hidden_cells(shown):
    return [(row, column) for row, columns in shown.items() for column, count in columns.items() if count is HIDDEN]


@given(tables())
def test_no_count_from_one_to_four_is_shown(table):
    shown = suppress_small_cells(table)

    assert all(count is HIDDEN or count == 0 or count >= 5 for columns in shown.values() for count in columns.values())


@given(tables())
@settings(max_examples=300)
def test_no_hidden_count_follows_from_the_totals(table):
    shown = suppress_small_cells(table)

    assert [cell for cell in hidden_cells(shown) if recoverable(shown, *cell)] == []


@given(tables())
def test_what_is_shown_is_true(table):
    shown = suppress_small_cells(table)

    assert all(shown[row][column] in (HIDDEN, count) for row in table for column, count in table[row].items())


def test_a_table_without_small_counts_stays_as_it_is():
    table = {"wonen": {"Kiel": 12, "Luchtbal": 0}, "school": {"Kiel": 5, "Luchtbal": 40}}

    assert suppress_small_cells(table) == table


def test_a_single_small_count_takes_a_rectangle_along():
    table = {"wonen": {"Kiel": 3, "Luchtbal": 20}, "school": {"Kiel": 30, "Luchtbal": 40}}

    assert suppress_small_cells(table) == {row: {"Kiel": HIDDEN, "Luchtbal": HIDDEN} for row in table}


def test_two_blocks_do_not_give_away_the_cell_between_them():
    small = {(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3), (1, 2)}
    table = {row: {column: 3 if (row, column) in small else 50 for column in range(4)} for row in range(4)}

    shown = suppress_small_cells(table)

    assert not recoverable(shown, 1, 2)


def test_in_a_single_row_a_small_count_hides_one_other():
    assert suppress_small_cells({"wonen": {"Kiel": 2, "Luchtbal": 9, "Linkeroever": 30}}) == {
        "wonen": {"Kiel": HIDDEN, "Luchtbal": HIDDEN, "Linkeroever": 30}
    }


def test_an_empty_table_stays_empty():
    assert suppress_small_cells({}) == {}
