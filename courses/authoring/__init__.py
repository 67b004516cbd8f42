"""The workshop: courses and questions while they are being written, reviewed and published."""
