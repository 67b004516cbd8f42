"""Look-alikes of the files that the municipality's systems write, with invented people."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter

SCHOOL_AD = ("Skole", "BrugerNavn", "Navn", "Mail", "DQnummer", "updated")
ENTRA = (
    "userPrincipalName",
    "displayName",
    "surname",
    "mail",
    "givenName",
    "id",
    "userType",
    "jobTitle",
    "department",
    "accountEnabled",
    "officeLocation",
    "telephoneNumber",
    "mobilePhone",
)
SD = (
    "InstitutionIdentifier",
    "EmploymentIdentifier",
    "PersonGivenName",
    "PersonSurnameName",
    "EmploymentName",
    "DepartmentIdentifier",
    "DepartmentName",
    "ActivationDate",
    "DeactivationDate",
)
DELTA_UNITS = ("uuid", "name", "parentUuid", "kind", "leader")
DELTA_PEOPLE = ("engagementUuid", "name", "userKey", "email", "unitUuid", "unitName", "phone")
OWN = ("Navn", "E-mail", "DQ-nummer", "Afdeling", "Leder")

Row = Sequence[object]


def written(headings: Row, *rows: Row, separator: str = ";", encoding: str = "cp1252") -> bytes:
    """A CSV file; `utf-8-sig` puts the mark in front that Excel wants."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def workbook(headings: Row, *rows: Row, above: Sequence[Row] = ()) -> bytes:
    """An Excel file with one sheet; `above` stands over the headings."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd-mm-yyyy"})
    sheet = book.add_worksheet("Ark1")
    for place, row in enumerate((*above, headings, *rows)):
        sheet.write_row(place, 0, row)
    book.close()
    return out.getvalue()
