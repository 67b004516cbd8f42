"""Formats that questions and results are exchanged in: read with a reason for each refusal, written without silent loss."""
