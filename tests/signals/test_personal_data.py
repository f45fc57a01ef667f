import pytest

from signals.personal_data import found_in


@pytest.mark.parametrize("line", ["a" * 2_000_000, "1" * 2_000_000, "a@" * 200_000, "BE12" * 100_000])
def test_a_very_long_line_is_looked_through_once(line):
    """With a pattern that starts over at each character this test would not end."""
    assert isinstance(found_in(line), str)
