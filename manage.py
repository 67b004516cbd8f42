"""Command line for operators and schedulers: `python manage.py --help`."""

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from pydantic import ValidationError
from typer.exceptions import TyperException

from bootstrap import Services, assign_by_rules, connect, start, write_log
from courses import tables as _course_tables  # noqa: F401  registers its tables
from courses.authoring import tables as _authoring_tables  # noqa: F401  registers its tables
from courses.content import course_folders, load_course
from courses.steering import tables as _steering_tables  # noqa: F401  registers its tables
from courses.steering.area import tables as _area_tables  # noqa: F401  registers its tables
from courses.steering.key_person_example import register_example
from courses.steering.reminder_report import Round
from courses.xapi import tables as _xapi_tables  # noqa: F401  registers its tables
from courses.xapi.errors import XapiError
from governance import tables as _governance_tables  # noqa: F401  registers its tables
from people.errors import PeopleError, UnknownPerson
from people.organisation.example import example_organisation
from people.organisation.example_service import load_example
from people.organisation.safety_net import unusual
from people.organisation.staff_plan import Outcome as StaffOutcome
from people.organisation.staff_shapes import StaffKind
from people.person import Person
from people.roles import Role
from rag import privacy
from rag.answer import Answer, Outcome
from rag.calendar import danish_date, today
from rag.encoder import make_encoder
from rag.errors import DuplicateSource, RagError
from rag.evaluation import DataSet, Mode, evaluate
from rag.glossary import Glossary
from rag.readers import UnreadableFile
from rag.reranking import make_reranker
from settings import explained, get_settings
from storage import audit
from storage import outbox as _outbox  # noqa: F401  registers its table
from storage.base import Table
from storage.errors import DatabaseUnavailable
from storage.migrate import draft, migrate
from storage.session import reading

app = typer.Typer(help="AI-Univers fra kommandolinjen.", no_args_is_help=True, add_completion=False)
OPERATOR = Person("system", "", "", frozenset({Role.ADMIN}))  # whoever may run this already holds the database
JsonFlag = Annotated[bool, typer.Option("--json", help="Skriv ét JSON-objekt i stedet for tekst.")]


def fail(message: str) -> typer.Exit:
    """Print a Danish sentence on standard error; exit code 2 says that the input cannot be used."""
    typer.echo(f"Fejl: {message}", err=True)
    return typer.Exit(2)


def services() -> Services:
    """The services of a machine that is ready to work."""
    write_log("WARNING")
    return start(get_settings())


def migrated() -> Services:
    """The services over a database with all its tables, and nothing else loaded."""
    house = connect(get_settings())
    migrate(house.engine)
    return house


def watch(done: int, total: int) -> None:
    """Progress on standard error, so that standard output stays clean."""
    typer.echo(f"\r{done} af {total} tekststykker", err=True, nl=done == total)


@app.command()
def ingest(
    path: Annotated[Path, typer.Argument(help="En Markdown-fil med oplysninger øverst, eller en mappe.")],
) -> None:
    """Læs kilder ind fra Markdown-filer med front matter."""
    if not path.exists():
        raise fail(f"{path} findes ikke. Angiv en fil eller en mappe.")
    files = sorted(path.glob("**/*.md")) if path.is_dir() else [path]
    if not files:
        raise fail(f"Mappen {path} har ingen Markdown-filer (.md).")
    sources = services().sources
    faults = []
    for file in files:
        try:
            version = sources.ingest_file(file)
            typer.echo(f"{file.name}: {'uændret' if version is None else f'ny version {version.version}'}")
        except DuplicateSource as error:
            typer.echo(f"{file.name}: {error}")
        except (RagError, UnreadableFile, OSError) as error:
            faults.append(f"{file.name}: {error}")
    if faults:
        raise fail("\n".join(faults))


@app.command()
def reindex() -> None:
    """Byg alle vektorer igen, så der kan søges på betydning."""
    search = services().search
    try:
        search.encode(watch, anew=True)
    except RagError as error:
        raise fail(str(error)) from error
    state = search.state()
    typer.echo(f"{state.sources} kilder, {state.passages} tekststykker, model {state.model}.")
    if state.problem:
        typer.echo(f"Advarsel: {state.problem}", err=True)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="Spørgsmålet på dansk.")],
    as_json: JsonFlag = False,
) -> None:
    """Stil assistenten et spørgsmål."""
    house = services()
    try:
        house.search.encode()
    except RagError as error:
        typer.echo(f"Advarsel: {error}", err=True)
    try:
        answer = replace(house.assistant, log=None).ask(
            question
        )  # an operator's trial is not counted as somebody's question
    except RagError as error:
        raise fail(str(error)) from error
    typer.echo(json.dumps(as_contract(answer), ensure_ascii=False, indent=2) if as_json else as_text(answer))


def as_contract(answer: Answer) -> dict[str, object]:
    """The answer in the form other programs rely on."""

    def place(citation: object) -> dict[str, object]:
        fields = citation.model_dump(mode="json")  # type: ignore[attr-defined]
        names = ("source", "version", "section", "page", "quote", "title", "level", "status", "note")
        return {name: fields[name] for name in names}

    return {
        "status": answer.status.value,
        "sentences": [
            {"text": sentence.text, "citations": [place(citation) for citation in sentence.citations]}
            for sentence in answer.sentences
        ],
        "passages": [place(citation) for citation in answer.passages],
        "suggestions": list(answer.suggestions),
    }


def as_text(answer: Answer) -> str:
    """The answer for a terminal."""
    if answer.status is Outcome.BLOCKED:
        why = [f"{privacy.REASONS[kind]} {privacy.LESSONS[kind]}" for kind in answer.findings]
        stopped = "Spørgsmålet indeholder personoplysninger og er ikke søgt på. Fjern dem, og spørg igen."
        return "\n".join([stopped, *why, f"Uden dem: {answer.cleaned}"])
    if answer.status is Outcome.REFUSED:
        nearest = [f"  - {passage.title}: {passage.section}" for passage in answer.passages]
        return "\n".join(["Kilderne svarer ikke på det. Det nærmeste er:", *nearest])
    lines = []
    for sentence in answer.sentences:
        citation = sentence.citations[-1]
        mark = f"{citation.level.danish}, {citation.status.danish.lower()}"
        shown = f"“{sentence.text}”" if sentence.verbatim else f"{sentence.text}\n    “{citation.quote}”"
        lines.append(f"{shown}\n    {citation.title}, {citation.section} ({mark})")
    return "\n".join(lines)


@app.command("evaluate")
def evaluate_set(
    file: Annotated[Path, typer.Argument(help="Datasæt i JSON.")],
    mode: Annotated[str, typer.Option(help="lexical eller hybrid.")] = "hybrid",
    limit: Annotated[int | None, typer.Option(help="Brug kun de første N spørgsmål.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Gem tallene, så de vises på siden Indeks og kvalitet.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Mål, hvor godt der findes, på et datasæt."""
    if mode not in ("lexical", "hybrid"):
        raise fail("--mode skal være lexical eller hybrid.")
    if limit is not None and limit < 1:
        raise fail("--limit skal være mindst 1.")
    settings = get_settings()
    chosen: Mode = "lexical" if mode == "lexical" else "hybrid"
    try:
        data = DataSet.load(file)
        encoder = make_encoder(settings.embedding_model) if chosen == "hybrid" else None
        reranker = make_reranker(settings.reranker_model) if settings.reranker_model else None
        result = evaluate(data, Glossary.load(settings.content_dir), encoder, limit, watch, reranker)
    except RagError as error:
        raise fail(str(error)) from error
    if keep:
        migrated().evaluations.keep(result, encoder.name if encoder else None)
    figures = result.model_dump(exclude_none=True)
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
    else:
        for name, value in figures.items():
            typer.echo(f"{name:28} {value}")


@app.command("new-migration", hidden=True)
def new_migration(message: str) -> None:
    """For udviklere: skriv en migrering med forskellen mellem database og tabeller."""
    house = connect(get_settings())
    draft(house.engine, message, Table.metadata)


@app.command("verify-log")
def verify_log(
    kept: Annotated[
        str | None, typer.Option(help="Nyeste hash fra en tidligere kørsel, som loggen skal rumme.")
    ] = None,
) -> None:
    """Kontrollér, at ingen har ændret i revisionsloggen, og vis dens nyeste hash. Gem den uden for databasen."""
    with reading(services().engine) as session:
        broken = audit.verify(session)
        lost = kept is not None and not audit.holds(session, kept.strip().lower())
        newest = audit.newest_hash(session)
    if broken is not None:
        typer.echo(f"Revisionsloggen er brudt ved hændelse {broken}.", err=True)
        raise typer.Exit(1)
    if lost:
        typer.echo(
            "Revisionsloggen rummer ikke den gemte hash: dens nyeste ende er fjernet, eller loggen er skrevet om. "
            "En hash, der er ældre end 5 år, kan være slettet med tiden.",
            err=True,
        )
        raise typer.Exit(1)
    typer.echo("Revisionsloggen hænger sammen.")
    typer.echo(f"Nyeste hash: {newest or 'ingen, for loggen er tom'}")


@app.command("release-sign-in")
def release_sign_in(email: Annotated[str, typer.Argument(help="Personens e-mailadresse.")]) -> None:
    """Glem, hvilken konto der logger ind som en person, så en ny konto med samme adresse kan kobles til."""
    try:
        released = migrated().sign_ins.release(email)
    except UnknownPerson:
        raise fail("Der er ingen person med den adresse.") from None
    typer.echo(
        f"{released} konti er glemt, og personens sessioner er slut. Næste login med den bekræftede adresse kobles til."
    )


@app.command("end-sessions")
def end_sessions(
    email: Annotated[str, typer.Argument(help="Personens e-mailadresse.")],
    deactivate: Annotated[
        bool, typer.Option("--deactivate", help="Luk også personens bruger, så hun ikke kan logge ind igen.")
    ] = False,
) -> None:
    """Log en person ud alle steder med det samme."""
    try:
        ended = migrated().sign_ins.end_all(OPERATOR, email, deactivate=deactivate)
    except UnknownPerson:
        raise fail("Der er ingen person med den adresse.") from None
    typer.echo(f"{ended} {'session' if ended == 1 else 'sessioner'} er slut.")
    typer.echo(
        "Personens bruger er lukket." if deactivate else "Personen kan logge ind igen. Luk hende med --deactivate."
    )


@app.command()
def xapi(
    status: Annotated[bool, typer.Option("--status", help="Vis, hvordan det går, og send intet.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Vis de næste 50 udsagn, og send intet.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Prøv også det igen, som er sat til side.")] = False,
    pseudonym: Annotated[
        str | None, typer.Option(help="Vis pseudonymet for personen med dette id, fx til indsigt eller sletning.")
    ] = None,
) -> None:
    """Send udsagn om kurser til samlingen af læringsdata nu. Skriver ét JSON-objekt."""
    write_log("ERROR")
    house = migrated().xapi
    if house is None:
        raise fail("xAPI er ikke slået til. Sæt XAPI_ENDPOINT, XAPI_KEY og XAPI_SECRET, eller sæt XAPI_FILE.")
    if [status, dry_run, retry, pseudonym is not None].count(True) > 1:
        raise fail("Vælg kun én af --status, --dry-run, --retry og --pseudonym.")
    try:
        if pseudonym is not None:
            found: dict[str, object] = {"pseudonym": house.pseudonym(pseudonym)}
        elif status:
            found = asdict(house.state())
        elif dry_run:
            found = {"statements": house.preview()}
        else:
            found = {"retried": house.retry()} if retry else {}
            found |= asdict(house.round(early=True))
    except XapiError as error:
        raise fail(str(error)) from error
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))
    if found.get("problem") and not status:
        raise typer.Exit(1)


@app.command("import-people")
def import_people(
    file: Annotated[Path, typer.Argument(help="Excel (.xlsx) eller CSV med enheder eller personer.")],
    kind: Annotated[
        StaffKind | None, typer.Option(help="Hvad filen er, hvis det ikke kan ses af overskrifterne.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Vis, hvad der ville ske, og gem intet.")] = False,
    complete: Annotated[
        bool, typer.Option("--complete", help="Filen er hele listen: dem, der mangler i den, er fratrådt eller lukket.")
    ] = False,
    many_leave: Annotated[
        bool, typer.Option("--many-leave", help="Usædvanligt mange fratræder eller lukker, og det er rigtigt.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Indlæs enheder eller personer fra en fil. Slutter med 1, når nogle rækker ikke kan bruges."""
    write_log("WARNING")
    if not file.is_file():
        raise fail(f"{file} findes ikke. Angiv en fil.")
    services = migrated()
    house = services.staff_import
    data = file.read_bytes()
    try:
        if dry_run:
            plan = house.preview(OPERATOR, data, today(), kind=kind, complete=complete)
        else:
            plan = house.carry_out(OPERATOR, data, today(), kind=kind, complete=complete, many_leave=many_leave)
    except PeopleError as error:
        raise fail(str(error)) from error
    if not dry_run:
        assign_by_rules(services)
    refused = plan.of(StaffOutcome.REFUSED)
    if as_json:
        lines = [one.without_names() for one in plan.lines]
        told = {"kind": plan.kind.value, "stored": not dry_run, "counts": plan.counts, "lines": lines}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for outcome in StaffOutcome:
            if count := plan.count(outcome):
                typer.echo(f"{outcome.danish}: {count}")
        for one in refused:
            typer.echo(f"Linje {one.line}: {one.told}", err=True)
        if dry_run and (much := unusual(plan)):
            typer.echo(f"{much}. Er det rigtigt, så indlæs med --many-leave.", err=True)
        typer.echo("Intet er gemt." if dry_run else "Filen er indlæst.")
    if refused:
        raise typer.Exit(1)


@app.command("example-organisation")
def example_people(
    people: Annotated[int, typer.Option(help="Hvor mange opdigtede personer.", min=200, max=50_000)] = 10_000,
) -> None:
    """Læg en opdigtet kommune i en tom database, så du kan prøve ledernes sider."""
    house, day = migrated(), today()
    organisation = example_organisation(people, today=day)
    house.people.add_examples(list(house.examples))
    try:
        new = load_example(house.engine, organisation)
    except PeopleError as error:
        raise fail(str(error)) from error
    courses = [load_course(folder) for folder in course_folders(house.settings.content_dir / "courses")]
    if new and (track := next((course for course in courses if not course.open_to_all), None)):
        register_example(house.engine, organisation, track.id, day)
    typer.echo("Eksempelorganisationen er lagt ind." if new else "Der ligger allerede en eksempelorganisation.")


@app.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Vis, hvad der ville ske, og lad alt stå.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Slet og anonymisér det, hvis tid er gået, tabel for tabel. Kan gentages."""
    write_log("ERROR")
    report = migrated().retention.run(today(), dry_run=dry_run)
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False, indent=2, default=str))
        return
    typer.echo(f"{'Prøve, intet er ændret. ' if dry_run else ''}Rækker pr. tabel, {danish_date(report.day)}:")
    typer.echo(f"{'tabel':22} {'slettet':>10} {'anonymiseret':>13} {'tilbage':>10}")
    for line in report.lines:
        typer.echo(f"{line.table:22} {line.deleted:>10} {line.anonymised:>13} {line.kept:>10}")


@app.command()
def remind(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Vis, hvad der ville blive sendt i dag, og send intet.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Skriv dagens påmindelser og lederoversigter, og send det, der venter. Kan gentages og køre flere steder."""
    write_log("ERROR")
    house = migrated()
    if not (dry_run or house.mail):
        raise fail("Der er ikke sat en mailserver op. Sæt SMTP_HOST og SMTP_SENDER, eller brug --dry-run.")
    if house.mail and urlsplit(house.settings.public_url).hostname in ("localhost", "127.0.0.1", "::1"):
        typer.echo("Advarsel: PUBLIC_URL er denne maskine, så links i mails virker ikke for andre.", err=True)
    day = house.reminders.today()
    done = house.reminders.forecast(day) if dry_run else house.reminders.round(day)
    typer.echo(json.dumps(asdict(done), ensure_ascii=False, indent=2, default=str) if as_json else done.in_words())
    if isinstance(done, Round) and done.delivered.problem:
        raise typer.Exit(1)


def main() -> int:
    """Run the command line; bad input, bad settings and a silent database give one Danish line and exit code 2."""
    try:
        return int(app(standalone_mode=False) or 0)
    except TyperException:
        message = "Kommandoen mangler noget eller har ukendte ord. Se python manage.py --help."
    except ValidationError as error:
        message = explained(error)
    except DatabaseUnavailable:
        message = "Databasen svarer ikke. Kontrollér DATABASE_URL eller DB_HOST, og prøv igen."
    except typer.Abort:
        message = "Afbrudt."
    typer.echo(f"Fejl: {message}", err=True)
    return 2


if __name__ == "__main__":
    sys.exit(main())
