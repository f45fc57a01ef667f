"""Measures, printed and never judged: `uv run pytest tests/benchmarks -s -n0`.

Only ratios within one run mean anything.
"""
