"""Evidens for AI-færdigheder: who has learned what, in which version, when, and what the municipality offers."""
