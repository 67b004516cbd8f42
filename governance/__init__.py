"""How the municipality steers its use of AI: the inbox of the task force."""
