"""A preview as a spreadsheet: one line for each row of the file that was not taken as it stands, and each thing that happens."""

import csv
import io

from people.organisation.staff_plan import PlanLine, StaffPlan

_FORMULA = ("=", "+", "-", "@")


def plan_file(plan: StaffPlan) -> bytes:
    """The lines of the plan as CSV that Excel opens: `;`, UTF-8 with its mark, and no cell that can start a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(("Linje", "Hvad", "Hvem", "Forklaring"))
    for line in plan.lines:
        writer.writerow(_cells(line))
    return text.getvalue().encode("utf-8-sig")


def _cells(line: PlanLine) -> tuple[str, ...]:
    number = "" if line.line is None else str(line.line)
    return number, line.outcome.danish, _safe(line.who), _safe(line.told)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
