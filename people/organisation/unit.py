"""What kinds of units there are."""

from enum import StrEnum


class UnitKind(StrEnum):
    """The kind of a unit; places with a door of their own, such as schools, are institutions."""

    MUNICIPALITY = "municipality"
    DEPARTMENT = "department"
    STAFF = "staff"
    INSTITUTION = "institution"
    UNIT = "unit"

    @property
    def danish(self) -> str:
        """Name of the kind as shown to people."""
        return _DANISH[self]


_DANISH = {
    UnitKind.MUNICIPALITY: "Kommune",
    UnitKind.DEPARTMENT: "Forvaltning",
    UnitKind.STAFF: "Stab",
    UnitKind.INSTITUTION: "Institution",
    UnitKind.UNIT: "Afdeling",
}
