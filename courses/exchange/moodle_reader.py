"""Questions read from Moodle XML: categories, the elements of questions, and ids that are unique."""

from courses.errors import InvalidContent
from courses.exchange.imported import Imported, Reading, Refused
from courses.exchange.keys import Keys, key_of
from courses.exchange.moodle_answers import question_of
from courses.exchange.moodle_draft import Draft
from courses.exchange.moodle_files import PictureStore
from courses.exchange.xml_guard import Element, lines, parsed
from courses.question import Question

MOST_QUESTIONS = 20_000
_EXCERPT = 80

FOREIGN = (
    "Filen er XML, men ikke spørgsmål fra Moodle (<quiz>). Vælg »Moodle XML-format«, når du eksporterer fra Moodle."
)
NOTHING = "Filen har ingen spørgsmål. Vælg en kategori med spørgsmål, når du eksporterer fra Moodle."
TOO_MANY = f"Filen har flere end {MOST_QUESTIONS} spørgsmål. Del den i flere filer."


def read(data: bytes) -> Reading:
    """Every question of a Moodle XML file, imported or refused; raises `InvalidContent` when the file as a whole cannot be read.

    Ids come from the ID number, else from the name, else they are `moodle-<number>`; one that is taken gets a number behind it.
    A category is given as the file has it: `/` between names, `//` for a slash in one.
    """
    root = parsed(data)
    if root.tag != "quiz":
        raise InvalidContent(FOREIGN)
    elements = [child for child in root if child.tag == "question"]
    if not elements:
        raise InvalidContent(NOTHING)
    if len(elements) > MOST_QUESTIONS:
        raise InvalidContent(TOO_MANY)
    places = dict(zip(root.iter("question"), lines(data, "question"), strict=True))
    store, category = PictureStore(), ""
    found: list[tuple[Draft, Question]] = []
    refused: list[Refused] = []
    for element in elements:
        if element.get("type") == "category":
            category = _category(element)
            continue
        draft = Draft(element, places[element], len(found) + len(refused) + 1, category, store)
        try:
            draft.take_extras()
            found.append((draft, question_of(draft)))
        except InvalidContent as error:
            refused.append(Refused(draft.line, str(error), _excerpt(draft)))
    return Reading(tuple(_identified(found)), tuple(refused))


def _category(element: Element) -> str:
    """The path; in very old files it stands without `<text>`."""
    holder = element.find("category")
    if holder is None:
        return ""
    return " ".join((holder.findtext("text") or holder.text or "").split())


def _excerpt(draft: Draft) -> str:
    text = draft.name or draft.plain(draft.element.find("questiontext"))
    return " ".join(text[: 4 * _EXCERPT].split())[:_EXCERPT]


def _identified(found: list[tuple[Draft, Question]]) -> list[Imported]:
    """ID numbers come first, as answers may hang on them."""
    keys = Keys()
    said = {draft.number: draft.said("idnumber") for draft, _ in found}
    given = {draft.number: keys.unique(key) for draft, _ in found if (key := key_of(said[draft.number]))}
    imported = []
    for draft, question in found:
        key = given.get(draft.number) or keys.unique(key_of(draft.name) or f"moodle-{draft.number}")
        wanted = said[draft.number]
        if wanted and wanted != key:
            draft.warn(
                f"Id »{wanted[:80]}« er blevet til »{key}«, fordi id'er har små bogstaver og tal og kun bruges én gang."
            )
        question = question.model_copy(update={"id": key})
        imported.append(
            Imported(question, draft.name, draft.category, draft.line, draft.warnings, tuple(draft.pictures.values()))
        )
    return imported
