"""What the ids of stand-ins look like: nameless persons who hold the rows of people that are forgotten. They are made by
`governance.retention_stand_ins`."""

PREFIX = "slettet-"


def is_stand_in_id(person_id: str) -> bool:
    """Whether an id is a stand-in's, who is nobody."""
    return person_id.startswith(PREFIX)
