"""What the columns of a staff file mean: its headings in Danish and English, and the shapes that known systems write.

The headings are those of Skole-AD (BrugerNavn, DQnummer, Mail, Skole, Navn), Entra's list of users and Microsoft Graph, SD's
services and payroll lists (DepartmentIdentifier, EmploymentIdentifier, Tjenestenummer, Stamafdeling, 9999-12-31) and Delta's
units, users and engagements.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from people.errors import UnusableStaffFile
from people.organisation.cpr import cpr_columns
from people.organisation.staff_file import StaffRow


class Field(StrEnum):
    """What a column may hold."""

    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    EMAIL = "email"
    USERNAME = "username"
    UPN = "upn"
    ACCOUNT = "account"
    EMPLOYMENT = "employment"
    INSTITUTION = "institution"
    JOB = "job"
    UNIT_KEY = "unit_key"
    UNIT = "unit"
    PARENT = "parent"
    KIND = "kind"
    PRIMARY = "primary"
    LEADER = "leader"
    ACTING = "acting"
    ACTING_UNTIL = "acting_until"
    SINCE = "since"
    UNTIL = "until"
    ACTIVE = "active"

    @property
    def danish(self) -> str:
        """Name of the field as shown to people."""
        return _DANISH[self]


_DANISH = {
    Field.NAME: "navn",
    Field.FIRST_NAME: "fornavn",
    Field.LAST_NAME: "efternavn",
    Field.EMAIL: "e-mail",
    Field.USERNAME: "DQ-nummer",
    Field.UPN: "brugerens login (UPN)",
    Field.ACCOUNT: "brugernavn",
    Field.EMPLOYMENT: "ansættelsens nummer",
    Field.INSTITUTION: "institution i lønsystemet",
    Field.JOB: "stilling",
    Field.UNIT_KEY: "enhedens nøgle",
    Field.UNIT: "enhedens navn",
    Field.PARENT: "enheden ovenover",
    Field.KIND: "enhedens type",
    Field.PRIMARY: "hovedansættelse",
    Field.LEADER: "leder",
    Field.ACTING: "fungerende leder",
    Field.ACTING_UNTIL: "fungerende til og med",
    Field.SINCE: "gælder fra",
    Field.UNTIL: "gælder til og med",
    Field.ACTIVE: "aktiv",
}

_HEADINGS = {
    Field.NAME: "navn name displayname personnavn medarbejder medarbejdernavn fuldenavn fuldtnavn fullname "
    "navnforefternavn brugernavnvist",
    Field.FIRST_NAME: "fornavn firstname givenname persongivenname fornavne",
    Field.LAST_NAME: "efternavn lastname surname familyname personsurnamename",
    Field.EMAIL: "email mail emailadresse mailadresse emailaddress arbejdsmail arbejdsemail primaryemail",
    Field.USERNAME: "dqnummer dqnr dq onpremisessamaccountname samaccountname userkey userdq username",
    Field.UPN: "userprincipalname upn",
    Field.ACCOUNT: "brugernavn",
    Field.EMPLOYMENT: "tjenestenummer tjenestenr employmentidentifier medarbejdernummer medarbejdernr ansættelsesid "
    "engagementid engagementuuid engagement employeeid employeenumber lønnummer",
    Field.INSTITUTION: "institutionidentifier institutionskode institutionsid sdinstitution",
    Field.JOB: "stilling stillingsbetegnelse titel title jobtitle jobtitel employmentname position stillingskodenuværende",
    Field.UNIT_KEY: "afdelingskode enhedsid enhedsnøgle enhedskode enhedsuuid unitid unituuid unitkey orgid externalid "
    "departmentidentifier departmentuuidentifier departmentuuididentifier administrativeunituuid adminunituuid sdkode "
    "sdcode orgenhedid orgenhedsnr afdelingsid afdelingsnr afdelingsnummer",
    Field.UNIT: "afdeling enhed enhedsnavn afdelingsnavn skole unit unitname department departmentname officelocation "
    "administrativeunit organisatoriskenhed orgenhed organisationsenhed stamafdeling arbejdssted adminunit",
    Field.PARENT: "overordnet overordnetenhed overordnetenhedsid overordnetid overordnetafdeling forælder parent parentid "
    "parentuuid parentkey parentunit parentexternalid parentdepartment overenhed hørerunder departmentreference",
    Field.KIND: "type enhedstype unittype kind niveau level departmentlevelidentifier",
    Field.PRIMARY: "primær primary primæransættelse hovedansættelse isprimary",
    Field.LEADER: "leder nærmesteleder manager managerupn manageremail managermail leaderemail leader ledermail lederemail "
    "lederdq lederdqnummer personaleleder enhedsleder managerdisplayname",
    Field.ACTING: "fungerendeleder konstitueretleder midlertidigleder actingmanager fungerende konstitueret",
    Field.ACTING_UNTIL: "fungerendetil fungerendetilogmed konstituerettil konstituerettilogmed actinguntil",
    Field.SINCE: "ansatfra ansættelsesdato startdato gyldigfra validfrom activationdate startdate fra employmentdate "
    "ansættelsesstart gælderfra employeehiredate",
    Field.UNTIL: "ansattil fratrådt fratrædelsesdato slutdato gyldigtil validto deactivationdate enddate til lukket "
    "ansættelsesslut gældertil gældertilogmed nedlagt employeeleavedatetime",
    Field.ACTIVE: "aktiv active isactive accountenabled",
}
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split()}
_PHONE = re.compile(r"telefon|^tlf|mobil|phone|^fax|^lokalnummer")
_BIRTH = re.compile(r"fødsel|født|birth")
_PERSONAL = {Field.FIRST_NAME, Field.EMAIL, Field.USERNAME, Field.UPN, Field.ACCOUNT, Field.EMPLOYMENT, Field.JOB}
_TELLS_APART = {Field.EMAIL, Field.USERNAME, Field.UPN, Field.ACCOUNT}
_HEAD_ROWS = 10


class StaffKind(StrEnum):
    """Where a file comes from, or that it is of units; employments of each are kept apart by it."""

    UNITS = "units"
    DELTA = "delta"
    SD = "sd"
    SCHOOL_AD = "skolead"
    GRAPH = "graph"
    OTHER = "csv"

    @property
    def danish(self) -> str:
        """What the file is, as shown to people."""
        return {
            StaffKind.UNITS: "en liste over enheder",
            StaffKind.DELTA: "personer fra Delta",
            StaffKind.SD: "personer fra SD",
            StaffKind.SCHOOL_AD: "personer fra Skole-AD",
            StaffKind.GRAPH: "personer fra Entra eller Microsoft Graph",
            StaffKind.OTHER: "en liste over personer",
        }[self]


@dataclass(frozen=True)
class Column:
    """A column: its heading, and what it is used for; `told` says why it is not."""

    heading: str
    field: Field | None
    told: str


@dataclass(frozen=True)
class StaffSheet:
    """A file whose columns are known: what it is, its columns in order, and the rows below the headings."""

    kind: StaffKind
    columns: tuple[Column, ...]
    rows: tuple[StaffRow, ...]

    def fields(self) -> dict[Field, int]:
        """Where each field stands."""
        return {column.field: place for place, column in enumerate(self.columns) if column.field}


def recognised(rows: Sequence[StaffRow], kind: StaffKind | None = None) -> StaffSheet:
    """The file with its columns recognised; `kind` where whoever imports says what it is.

    Raises `UnusableStaffFile` where a column holds CPR numbers, before anything of it is used, where no column says who or what
    the rows are, or where people cannot be told from each other: a number of an employment alone is another in each system.
    """
    head = _head(rows)
    headings = rows[head].cells
    _refuse_cpr(headings, [row.cells for row in rows])
    columns = _columns(headings)
    fields = {column.field for column in columns if column.field}
    kind = kind or _kind(headings, fields)
    if kind is not StaffKind.UNITS and not fields & {Field.NAME, Field.FIRST_NAME, Field.LAST_NAME}:
        raise UnusableStaffFile(
            "Filen har ingen kolonne med navne. Den første række skal være overskrifter, fx Navn, E-mail, DQ-nummer, "
            "Afdeling og Leder. Ret filen, og prøv igen."
        )
    if kind is not StaffKind.UNITS and not fields & _TELLS_APART:
        raise UnusableStaffFile(
            "Filen har hverken e-mail eller DQ-nummer, så personerne i den kan ikke kendes fra andre med samme navn. "
            "Tilføj en af dem, og prøv igen."
        )
    if kind is StaffKind.UNITS:
        columns = tuple(_of_unit(column, fields) for column in columns)
        fields = {column.field for column in columns if column.field}
        if Field.UNIT not in fields:
            raise UnusableStaffFile("Filen har ingen kolonne med enhedernes navne. Kald den Enhedsnavn, og prøv igen.")
    return StaffSheet(kind, columns, tuple(rows[head + 1 :]))


def plain_heading(heading: str) -> str:
    """A heading as it is compared: small letters and digits only; of `Name [displayName] Required` what is in the brackets."""
    inner = re.search(r"\[(\w+)\]", heading)
    return re.sub(r"[\W_]", "", (inner[1] if inner else heading).casefold())


def _head(rows: Sequence[StaffRow]) -> int:
    """The row of headings: the first with two that are known, for some files have a title or a version above it."""
    for place, row in enumerate(rows[:_HEAD_ROWS]):
        if sum(plain_heading(cell) in _FIELD_OF for cell in row.cells) >= 2:
            return place
    return 0


def _refuse_cpr(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    found = cpr_columns(headings, rows)
    if not found:
        return
    # Where a file has no headings, what stands on top may be somebody's number, and is not repeated.
    told = [
        f"“{headings[place]}”"
        if place < len(headings) and not any(map(str.isdigit, headings[place]))
        else str(place + 1)
        for place in found
    ]
    word = "kolonnen" if len(told) == 1 else "kolonnerne"
    raise UnusableStaffFile(
        f"Filen har CPR-numre i {word} {', '.join(told)}. Intet af filen er gemt. Slet {word} i filen, og prøv igen."
    )


def _columns(headings: Sequence[str]) -> tuple[Column, ...]:
    taken: set[Field] = set()
    columns = []
    names = [plain_heading(heading) for heading in headings]
    for name, heading in zip(names, headings, strict=True):
        field = _FIELD_OF.get(name)
        if name == "department" and "officelocation" in names:
            field = None  # the municipality keeps the unit in the other
        if _PHONE.search(name):
            columns.append(Column(heading, None, "telefonnumre gemmes ikke"))
        elif _BIRTH.search(name):
            columns.append(Column(heading, None, "fødselsdage gemmes ikke"))
        elif field is None:
            columns.append(Column(heading, None, "bruges ikke"))
        elif field in taken:
            columns.append(Column(heading, None, f"bruges ikke, for {field.danish} står i en anden kolonne"))
        else:
            taken.add(field)
            columns.append(Column(heading, field, ""))
    return tuple(columns)


def _kind(headings: Sequence[str], fields: set[Field]) -> StaffKind:
    names = {plain_heading(heading) for heading in headings}
    of_people = fields & _PERSONAL or (fields >= {Field.NAME, Field.UNIT} and Field.PARENT not in fields)
    if not of_people and fields & {Field.UNIT, Field.UNIT_KEY, Field.PARENT}:
        return StaffKind.UNITS
    if Field.UPN in fields or {"displayname", "onpremisessamaccountname"} & names:
        return StaffKind.GRAPH
    if {"skole", "brugernavn"} <= names:
        return StaffKind.SCHOOL_AD
    if Field.INSTITUTION in fields or {"tjenestenummer", "employmentidentifier"} & names:
        return StaffKind.SD
    if {"engagementuuid", "engagement", "unituuid", "userkey", "administrativeunit"} & names:
        return StaffKind.DELTA
    return StaffKind.OTHER


def _of_unit(column: Column, fields: set[Field]) -> Column:
    """In a list of units, the name is the unit's, and an id or a number of its own is its key."""
    name = plain_heading(column.heading)
    if column.field is Field.NAME and Field.UNIT not in fields:
        return Column(column.heading, Field.UNIT, "")
    if Field.UNIT_KEY not in fields and name in {"uuid", "id", "nøgle", "key", "kode"}:
        return Column(column.heading, Field.UNIT_KEY, "")
    return column
