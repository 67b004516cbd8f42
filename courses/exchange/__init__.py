"""Formats that questions and results are exchanged in: read with a reason for each thing refused, written without loss or saying what."""
