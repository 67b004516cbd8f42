"""Measurements of the product against its bars: `python -m benchmarks` prints one table."""
