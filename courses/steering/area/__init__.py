"""The manager's view: how far the people of some units have come, kept ready and reckoned when it is looked at."""
