"""Counts for others: nothing small enough to point at a family."""

SMALLEST = 5
HIDDEN = None
HIDDEN_TEXT = "te klein om te tonen"


def suppress_small_cells(table):
    """Hide the counts from which a family could be recognised.

    Args:
        table: a dict of row name to a dict of column name to count; every row has the same columns.

    Returns:
        The same table with HIDDEN (None) for each count from 1 to 4, and for as many of the next smallest
        counts as it takes: the totals of rows and columns may not give a hidden one away. A zero is hidden
        in that second step like any other count.
    """
    counts = {(row, column): count for row, columns in table.items() for column, count in columns.items()}
    lines = _lines_of_cells(table)
    hidden = [cell for cell, count in counts.items() if 0 < count < SMALLEST]
    for cell in hidden:  # grows while we go
        while covers := _covers(cell, hidden, lines):
            hidden.append(min(covers, key=counts.get))
    hidden = set(hidden)
    return {
        row: {column: HIDDEN if (row, column) in hidden else count for column, count in columns.items()}
        for row, columns in table.items()
    }


def _lines_of_cells(table):
    """The row and the column of each cell. A line of one cell has no total of its own, so it is no line."""
    columns = next(iter(table.values()), {})
    return {
        (row, column): {("row", row) if len(columns) > 1 else None, ("column", column) if len(table) > 1 else None}
        for row in table
        for column in columns
    }


def _covers(cell, hidden, lines):
    """The open cells of which one must be hidden too; none when the cell cannot be recovered.

    From the totals follows the sum of the hidden cells in each line, and nothing more. A hidden cell can be
    recovered exactly when no other hidden cells lead from its row, line by line, back to its column.
    """
    start = next(iter(lines[cell]))
    reached = _reached(start, [lines[other] for other in hidden if other != cell])
    if lines[cell] <= reached:
        return []
    return [other for other in lines if other not in hidden and len(lines[other] & reached) == 1]


def _reached(start, edges):
    reached, before = {start}, 0
    while before < len(reached):
        before = len(reached)
        for edge in edges:
            if edge & reached:
                reached |= edge
    return reached
