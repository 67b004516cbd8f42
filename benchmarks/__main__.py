"""Command line: `python -m benchmarks --help`."""

from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import (
    area,
    course_house,
    documents,
    item_analysis,
    load,
    lost_answers,
    lost_mails,
    mending,
    models,
    organisation,
    own_questions,
    pages,
    privacy,
    quality,
    quiz_page,
    reminders,
    scale,
    speed,
    startup,
    table,
)
from benchmarks.corpus import progress
from benchmarks.house import prepared
from benchmarks.machine import load_average, machine
from benchmarks.table import Measurement
from settings import ROOT

CONTENT = ROOT / "content"
OWN_QUESTIONS = ROOT / "tests" / "data"
PRIVACY_CASES = ROOT / "tests" / "data" / "privacy_cases.yaml"


class What(StrEnum):
    """What can be measured."""

    QUALITY = "quality"
    OWN = "own"
    MODELS = "models"
    MENDING = "mending"
    SPEED = "speed"
    SCALE = "scale"
    STARTUP = "startup"
    PAGES = "pages"
    PRIVACY = "privacy"
    COURSES = "courses"
    DOCUMENTS = "documents"
    ANALYSIS = "analysis"
    AREA = "area"
    ORGANISATION = "organisation"
    MAIL = "mail"
    ALL = "all"


def main(
    what: Annotated[What, typer.Argument(help="Hvad der måles.")] = What.ALL,
    json: Annotated[Path | None, typer.Option(help="Skriv også tallene som JSON i denne fil.")] = None,
    data: Annotated[Path, typer.Option(help="Mappe med datasæt i evalueringsform.")] = ROOT.parent / "shared" / "bench",
    hybrid: Annotated[
        bool, typer.Option("--hybrid", help="Mål også afvisning med betydning (flere minutter).")
    ] = False,
    held_back: Annotated[
        bool, typer.Option("--held-back", help="Spørg også de spørgsmål, som intet er stillet ind efter.")
    ] = False,
) -> None:
    """Mål kvalitet, spørgsmål, modeller, hastighed, skala, rettelse, start, sider, persondata, kurser, analyse, mails m.m."""
    everything = what is What.ALL
    load_before = load_average()
    rows: list[Measurement] = []
    with ExitStack() as stack:
        needs_house = everything or what in {What.QUALITY, What.OWN, What.STARTUP, What.PAGES, What.COURSES}
        house = stack.enter_context(prepared()) if needs_house else None
        if house and (everything or what is What.STARTUP):
            rows += startup.measurements(house)
        if house and (everything or what is What.PAGES):
            rows += pages.measurements(house)
        if house and (everything or what is What.COURSES):
            with course_house.prepared(house) as courses:
                rows += quiz_page.measurements(courses)
                rows += load.measurements(courses)
                rows += lost_answers.measurements(courses)
        if everything or what is What.ANALYSIS:
            rows += item_analysis.measurements()
        if everything or what is What.MAIL:
            rows += lost_mails.measurements()
            rows += reminders.measurements()
        if everything or what is What.ORGANISATION:
            rows += organisation.measurements()
        if everything or what is What.AREA:
            rows += area.measurements()
        if everything or what is What.SPEED:
            rows += speed.measurements(data, CONTENT)
        if everything or what is What.SCALE:
            rows += scale.measurements(data, CONTENT)
        if everything or what is What.PRIVACY:
            rows += privacy.measurements(PRIVACY_CASES)
        if house and (everything or what is What.QUALITY):
            rows += quality.measurements(house, data, CONTENT, thorough=hybrid or everything)
        if house and (everything or what is What.OWN):
            rows += own_questions.measurements(house, OWN_QUESTIONS, held_back=held_back)
        if everything or what is What.MODELS:
            rows += models.measurements(data, CONTENT)
        if everything or what is What.MENDING:
            rows += mending.measurements(data, CONTENT)
        if everything or what is What.DOCUMENTS:
            rows += documents.measurements()
    typer.echo(table.drawn(rows))
    progress(f"Andre på maskinen gør tallene dårligere. Belastning: {load_before} før, {load_average()} efter.")
    if json:
        table.write(json, rows, {**machine(), "load_before": load_before, "load_after": load_average()})


if __name__ == "__main__":
    typer.run(main)
