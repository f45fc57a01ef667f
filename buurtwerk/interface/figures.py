"""Counts for others: nothing small enough to point at a family."""

SMALLEST = 5
HIDDEN = None
HIDDEN_TEXT = "te klein om te tonen"


def suppress_small_cells(table):
    """Hide the counts from which a family could be recognised.

    Args:
        table: a dict of row name to a dict of column name to count; every row has the same columns.

    Returns:
        The same table with HIDDEN (None) for each count from 1 to 4, and for the next smallest count of a
        row or column in which only one would be hidden: otherwise the total gives it away. A zero is
        hidden in that second step like any other count.
    """
    shown = {row: {column: _show(count) for column, count in columns.items()} for row, columns in table.items()}
    lines = _lines(table)
    changed = True
    while changed:
        changed = any([_hide_a_second(line, table, shown) for line in lines])
    return shown


def _show(count):
    return HIDDEN if 0 < count < SMALLEST else count


def _lines(table):
    """All rows and all columns, as lists of cell addresses."""
    rows = [[(row, column) for column in columns] for row, columns in table.items()]
    columns = next(iter(table.values()), {})
    return rows + [[(row, column) for row in table] for column in columns]


def _hide_a_second(line, table, shown):
    hidden = [cell for cell in line if shown[cell[0]][cell[1]] is HIDDEN]
    open_cells = [cell for cell in line if cell not in hidden]
    if len(hidden) != 1 or not open_cells:
        return False
    row, column = min(open_cells, key=lambda cell: table[cell[0]][cell[1]])
    shown[row][column] = HIDDEN
    return True
