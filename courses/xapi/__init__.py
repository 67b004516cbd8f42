"""xAPI: what happens in courses as statements for a learning record store, with the verbs of cmi5."""
