"""How each step with a family is undone from the green message."""
