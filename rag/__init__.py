"""The assistant: reading sources, finding passages, answering with checked quotes."""
