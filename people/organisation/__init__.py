"""The organisation: units with history, employments, imports, and who leads whom."""
