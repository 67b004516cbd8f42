"""The workshop, on both databases: written by one, reviewed by another, published; earlier attempts stay as they were."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Engine

from courses.analysis_service import Alarm
from courses.authoring.finding import Rule
from courses.authoring.manuscript import COURSE, Heading
from courses.authoring.manuscript_service import ManuscriptService
from courses.authoring.publishing_service import PublishingService
from courses.authoring.reading_copy import fingerprint
from courses.authoring.workshop import State, Step
from courses.course import Lesson, Quiz, Slot
from courses.errors import Conflict, InvalidContent, InvalidDecision, UnknownManuscript
from courses.picture import prepared
from courses.picture_service import PictureService
from courses.question import QUESTION, Question, SingleChoice
from people.errors import NotAllowed
from people.person import Person
from people.roles import Role
from storage import audit
from storage.session import reading
from tests.watched_course import RIGHT, School, course, question


class Workshop:
    """The workshop's services over a school with one published course."""

    def __init__(self, engine: Engine, *people: Person) -> None:
        self.school = School(engine, *people)
        self.alarms: list[Alarm] = []
        self.manuscripts = ManuscriptService(engine, self.school.courses)
        self.publishing = PublishingService(engine, self.school.courses, lambda _course: self.alarms)
        self.pictures = PictureService(engine)
        self.school.publish(course())

    def reword(self, person: Person, manuscript: str, number: int = 1, **more: Any) -> None:
        """Give a question another wording."""
        before = self.manuscripts.read(person, manuscript).content.questions[f"q-{number}"]
        fields = {"text": f"Hvad fastslår regel {number} om svar fra AI?", **more}
        after = QUESTION.validate_python(before.model_dump() | fields)
        self.manuscripts.save(person, manuscript, after, fingerprint(before))

    def settle(self, person: Person, manuscript: str) -> None:
        """Let every finding that may stand do so."""
        for one in self.publishing.findings(person, manuscript):
            if one.open:
                self.publishing.accept(person, manuscript, one.finding.key, "Det er et lille kursus til en prøve.")


def approve(workshop: Workshop, person: Person, draft: str, remark: str) -> None:
    """Approve the manuscript as it stands."""
    revision = workshop.manuscripts.read(person, draft).revision
    workshop.publishing.approve(person, draft, revision, remark)


@pytest.fixture
def colleague(person: Callable[..., Person]) -> Person:
    return person("demo-tina", Role.TASKFORCE)


@pytest.fixture
def workshop(engine: Engine, trainer: Person, colleague: Person, employee: Person) -> Workshop:
    return Workshop(engine, trainer, colleague, employee)


def wording(workshop: Workshop, attempt: str, person: Person) -> list[str]:
    return [item.question.text for item in workshop.school.attempts.get(person, attempt).items]


def test_the_whole_way_to_version_two_leaves_an_earlier_attempt_as_it_was(
    workshop: Workshop, trainer: Person, colleague: Person, employee: Person
) -> None:
    attempt = workshop.school.take(employee)
    before = workshop.school.attempts.get(employee, attempt)
    draft = workshop.manuscripts.begin(trainer, "kursus")
    workshop.reword(trainer, draft)
    workshop.settle(trainer, draft)
    workshop.publishing.send(trainer, draft, "Jeg har rettet spørgsmål 1.")
    assert workshop.manuscripts.read(trainer, draft).line.state is State.IN_REVIEW
    approve(workshop, colleague, draft, "Fint.")
    version = workshop.publishing.publish(trainer, draft)
    assert version.number == 2
    assert workshop.school.courses.current("kursus").course.questions["q-1"].text.startswith("Hvad fastslår")
    assert workshop.school.attempts.get(employee, attempt) == before
    assert "Hvad siger regel 1?" in wording(workshop, attempt, employee)
    fresh = workshop.school.attempts.start(employee, "kursus", "proeve")
    assert "Hvad siger regel 1?" in wording(workshop, fresh, employee)  # she finishes the version she began
    assert [one.step for one in workshop.publishing.steps(trainer, draft)] == [Step.PUBLISHED, Step.APPROVED, Step.SENT]
    assert workshop.manuscripts.open(trainer) == []


def test_approval_and_publishing_are_in_the_audit_log(
    workshop: Workshop, trainer: Person, colleague: Person, engine: Engine
) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    workshop.reword(trainer, draft)
    workshop.settle(trainer, draft)
    workshop.publishing.send(trainer, draft, "")
    approve(workshop, colleague, draft, "")
    workshop.publishing.publish(trainer, draft)
    with reading(engine) as session:
        found = [(one.actor, one.action, one.object_id) for one in session.query(audit.AuditEvent)]
    assert (colleague.id, "course.approved", draft) in found
    assert (trainer.id, "course.published", "kursus 2") in found


def test_nobody_reviews_what_she_has_written_herself(workshop: Workshop, trainer: Person, colleague: Person) -> None:
    draft = workshop.manuscripts.begin(colleague, "kursus")
    workshop.reword(trainer, draft)
    workshop.settle(trainer, draft)
    workshop.publishing.send(trainer, draft, "")
    with pytest.raises(InvalidDecision, match="selv skrevet"):
        approve(workshop, trainer, draft, "")
    approve(workshop, colleague, draft, "")


def test_an_edit_after_approval_asks_for_review_again(workshop: Workshop, trainer: Person, colleague: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    workshop.reword(trainer, draft)
    workshop.settle(trainer, draft)
    workshop.publishing.send(trainer, draft, "")
    approve(workshop, colleague, draft, "")
    workshop.reword(trainer, draft, 2)
    assert workshop.manuscripts.read(trainer, draft).line.state is State.DRAFT
    with pytest.raises(InvalidDecision, match="godkendes af en anden"):
        workshop.publishing.publish(trainer, draft)


def test_what_is_sent_back_says_why(workshop: Workshop, trainer: Person, colleague: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    workshop.reword(trainer, draft)
    workshop.settle(trainer, draft)
    workshop.publishing.send(trainer, draft, "")
    with pytest.raises(InvalidDecision, match="hvad der skal rettes"):
        workshop.publishing.send_back(colleague, draft, " ")
    with pytest.raises(InvalidDecision, match="personoplysninger"):
        workshop.publishing.send_back(colleague, draft, "Se sagen på borgeren med CPR-nummer 010180-1234.")
    workshop.publishing.send_back(colleague, draft, "Spørgsmål 1 er for let.")
    assert workshop.publishing.steps(trainer, draft)[0].remark == "Spørgsmål 1 er for let."
    assert workshop.manuscripts.read(trainer, draft).line.state is State.DRAFT


def test_nothing_is_sent_without_a_change_or_with_open_findings(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    with pytest.raises(InvalidDecision, match="ikke ændret noget"):
        workshop.publishing.send(trainer, draft, "")
    workshop.reword(trainer, draft, feedback="")
    with pytest.raises(InvalidDecision, match="bemærkning"):
        workshop.publishing.send(trainer, draft, "")


def test_a_finding_stands_with_a_reason_until_the_wording_changes(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    workshop.reword(trainer, draft, feedback="")
    (finding,) = [
        one for one in workshop.publishing.findings(trainer, draft) if one.finding.rule is Rule.NO_EXPLANATION
    ]
    with pytest.raises(InvalidDecision, match="hvorfor"):
        workshop.publishing.accept(trainer, draft, finding.finding.key, " ")
    workshop.publishing.accept(trainer, draft, finding.finding.key, "Svaret taler for sig selv.")
    again = {one.finding.rule: one for one in workshop.publishing.findings(trainer, draft)}[Rule.NO_EXPLANATION]
    assert (again.reason, again.accepted_by) == ("Svaret taler for sig selv.", trainer.name)
    workshop.reword(trainer, draft, text="Hvad er det, regel 1 siger?")
    assert {one.finding.rule: one for one in workshop.publishing.findings(trainer, draft)}[Rule.NO_EXPLANATION].open


def test_a_quote_that_does_not_stand_must_be_mended(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    lost = [{"source": "retningslinje", "section": "regel-1", "quote": "Regel 1 tier"}]
    workshop.reword(trainer, draft, sources=lost)
    (finding,) = [one for one in workshop.publishing.findings(trainer, draft) if one.finding.rule is Rule.LOST_QUOTE]
    with pytest.raises(InvalidDecision, match="skal rettes"):
        workshop.publishing.accept(trainer, draft, finding.finding.key, "Jeg er ligeglad.")


def test_answers_reopen_the_gate_for_the_wording_they_were_given_to(workshop: Workshop, trainer: Person) -> None:
    version = workshop.school.courses.current("kursus")
    workshop.alarms = [Alarm("q-2", version.wordings["q-2"], "De dygtigste svarer oftere forkert.")]
    draft = workshop.manuscripts.begin(trainer, "kursus")
    workshop.reword(trainer, draft, 1)
    assert [
        one.finding.part for one in workshop.publishing.findings(trainer, draft) if one.finding.rule is Rule.ANSWERS
    ] == ["question:q-2"]
    workshop.reword(trainer, draft, 2)
    assert not [one for one in workshop.publishing.findings(trainer, draft) if one.finding.rule is Rule.ANSWERS]


# --- writing ------------------------------------------------------------------------------------------------------


def test_a_new_course_is_written_from_nothing(workshop: Workshop, trainer: Person, colleague: Person) -> None:
    draft = workshop.manuscripts.create(trainer, "AI i byggesager", "Kort om byggesager.", "Sagsbehandlere")
    (module,) = workshop.manuscripts.add(trainer, draft, [Heading(id="modul", title="Modul", summary="Om")])
    assert module == "module:modul"
    asked = QUESTION.validate_python(question(7) | {"id": "q-7"})
    workshop.manuscripts.add(trainer, draft, [asked], "modul")
    quiz = Quiz(id="proeve", title="Prøve", slots=(Slot(question="q-7"),))
    workshop.manuscripts.add(trainer, draft, [Lesson(id="laes", title="Læs", text="Tekst."), quiz], "modul")
    settings = workshop.manuscripts.read(trainer, draft).content.settings
    workshop.manuscripts.save(trainer, draft, settings.model_copy(update={"final": "proeve"}), fingerprint(settings))
    workshop.settle(trainer, draft)
    workshop.publishing.send(trainer, draft, "")
    approve(workshop, colleague, draft, "")
    version = workshop.publishing.publish(colleague, draft)
    assert (version.course.id, version.number) == ("ai-i-byggesager", 1)
    assert workshop.manuscripts.create(trainer, "AI i byggesager", "a", "b") != draft


def test_ids_that_other_courses_use_are_not_given_again(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.create(trainer, "Nyt", "Kort.", "Alle")
    workshop.manuscripts.add(trainer, draft, [Heading(id="modul", title="Modul", summary="Om")])
    taken = QUESTION.validate_python(question(1))
    assert workshop.manuscripts.add(trainer, draft, [taken, taken], "modul") == ["question:q-1-2", "question:q-1-3"]


def test_two_who_edit_the_same_part_do_not_overwrite_each_other(
    workshop: Workshop, trainer: Person, colleague: Person
) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    seen = workshop.manuscripts.read(trainer, draft).content.questions["q-1"]
    workshop.reword(colleague, draft, text="Kollegaens ordlyd?")
    mine: Question = seen.model_copy(update={"text": "Min ordlyd?"})
    with pytest.raises(Conflict, match="En anden har rettet"):
        workshop.manuscripts.save(trainer, draft, mine, fingerprint(seen))
    assert workshop.manuscripts.read(trainer, draft).content.questions["q-1"].text == "Kollegaens ordlyd?"
    workshop.reword(trainer, draft, 2)  # another part is no conflict


def test_every_change_can_be_taken_back(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    before = workshop.manuscripts.read(trainer, draft).content
    workshop.reword(trainer, draft)
    (change,) = workshop.manuscripts.history(trainer, draft)
    assert change.by == trainer.name
    assert [(line.label, line.before) for line in change.lines] == [("Spørgsmål", "Hvad siger regel 1?")]
    workshop.manuscripts.restore(trainer, draft, change.id)
    assert workshop.manuscripts.read(trainer, draft).content == before
    workshop.manuscripts.add(trainer, draft, [Lesson(id="ny", title="Ny", text="Tekst")], "regler")
    workshop.manuscripts.remove(trainer, draft, "activity:ny")
    removed, added = workshop.manuscripts.history(trainer, draft)[:2]
    workshop.manuscripts.restore(trainer, draft, removed.id)
    assert workshop.manuscripts.read(trainer, draft).content.find("activity:ny") is not None
    workshop.manuscripts.restore(trainer, draft, added.id)
    assert workshop.manuscripts.read(trainer, draft).content.find("activity:ny") is None


def test_a_deleted_module_comes_back_with_all_that_stood_in_it(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.create(trainer, "Nyt", "Kort.", "Alle")
    modules = [Heading(id=name, title=name.title(), summary="Om") for name in ("foerste", "andet")]
    workshop.manuscripts.add(trainer, draft, modules)
    workshop.manuscripts.add(trainer, draft, [Lesson(id="laes", title="Læs", text="Tekst")], "foerste")
    workshop.manuscripts.add(trainer, draft, [QUESTION.validate_python(question(9))], "foerste")
    whole = workshop.manuscripts.read(trainer, draft).content.chapter("foerste")
    workshop.manuscripts.remove(trainer, draft, "module:foerste")
    removed = workshop.manuscripts.history(trainer, draft)[0]
    workshop.manuscripts.restore(trainer, draft, removed.id)
    content = workshop.manuscripts.read(trainer, draft).content
    assert content.chapter("foerste") == whole
    with pytest.raises(InvalidContent, match="står allerede i kladden"):  # nothing comes back twice
        workshop.manuscripts.restore(trainer, draft, removed.id)


def test_what_was_deleted_comes_back_to_the_module_it_stood_in(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    workshop.manuscripts.remove(trainer, draft, "activity:lektion-regler")
    workshop.manuscripts.restore(trainer, draft, workshop.manuscripts.history(trainer, draft)[0].id)
    assert workshop.manuscripts.read(trainer, draft).content.home("activity:lektion-regler") == "regler"


def test_only_what_can_be_taken_back_says_that_it_can(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.create(trainer, "Nyt", "Kort.", "Alle")
    workshop.manuscripts.add(trainer, draft, [Heading(id=one, title="M", summary="Om") for one in ("foerste", "andet")])
    workshop.manuscripts.move(trainer, draft, "module:foerste", 1)
    moved, *_, began = workshop.manuscripts.history(trainer, draft)
    assert [one.can_go_back for one in workshop.manuscripts.history(trainer, draft)] == [False, True, True, False]
    assert moved.summary.startswith("Flyttede")
    with pytest.raises(InvalidContent, match="kassér kladden"):
        workshop.manuscripts.restore(trainer, draft, began.id)


def test_a_module_that_others_need_is_not_deleted(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    with pytest.raises(InvalidContent, match="afsluttende prøve står i modulet"):
        workshop.manuscripts.remove(trainer, draft, "module:kilder")
    with pytest.raises(InvalidContent, match="bruger et af modulets spørgsmål"):
        workshop.manuscripts.remove(trainer, draft, "module:regler")


def test_two_courses_that_are_written_at_once_do_not_give_a_question_the_same_id(
    workshop: Workshop, trainer: Person
) -> None:
    given = []
    for name in ("Et", "To"):
        draft = workshop.manuscripts.create(trainer, name, "Kort.", "Alle")
        workshop.manuscripts.add(trainer, draft, [Heading(id="modul", title="Modul", summary="Om")])
        given += workshop.manuscripts.add(trainer, draft, [QUESTION.validate_python(question(9))], "modul")
    assert given == ["question:q-9", "question:q-9-2"]


def test_a_cpr_number_is_not_kept_wherever_it_is_written(workshop: Workshop, trainer: Person) -> None:
    with pytest.raises(InvalidContent, match="CPR-nummer"):
        workshop.manuscripts.create(trainer, "Nyt", "Om borgeren 010180-1234.", "Alle")
    draft = workshop.manuscripts.begin(trainer, "kursus")
    lesson = Lesson(id="ny", title="Ny", text="Skriv ikke 010180-1234 i en chat.")
    with pytest.raises(InvalidContent, match="CPR-nummer"):
        workshop.manuscripts.add(trainer, draft, [lesson], "regler")
    with pytest.raises(InvalidContent, match="CPR-nummer") as told:
        workshop.reword(trainer, draft, text="Hvem har nummeret 010180-1234?")
    assert "010180-1234" not in str(told.value)
    workshop.reword(
        trainer, draft, text="Hvem skriver du til på it@randers.dk?"
    )  # contact details may stand in a course


def test_what_was_changed_while_it_was_read_is_not_approved(
    workshop: Workshop, trainer: Person, colleague: Person
) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    workshop.reword(trainer, draft)
    workshop.settle(trainer, draft)
    workshop.publishing.send(trainer, draft, "")
    read = workshop.manuscripts.read(colleague, draft).revision
    workshop.reword(trainer, draft, 2)
    workshop.settle(trainer, draft)
    workshop.publishing.send(trainer, draft, "")
    with pytest.raises(InvalidDecision, match="rettet, siden du læste den"):
        workshop.publishing.approve(colleague, draft, read, "")
    assert workshop.manuscripts.read(trainer, draft).line.state is State.IN_REVIEW


def test_an_import_is_kept_whole_or_not_at_all(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    good = QUESTION.validate_python(question(9))
    bad = good.model_copy(update={"id": "q-10", "text": f"Se ![et billede](picture:{'0' * 64})"})
    revision = workshop.manuscripts.read(trainer, draft).revision
    with pytest.raises(InvalidContent, match="billede"):
        workshop.manuscripts.add(trainer, draft, [good, bad], "regler")
    view = workshop.manuscripts.read(trainer, draft)
    assert view.revision == revision
    assert "q-9" not in view.content.questions


def test_pictures_come_along_and_are_found_by_their_name(workshop: Workshop, trainer: Person) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "PNG")
    picture = prepared(out.getvalue())
    draft = workshop.manuscripts.begin(trainer, "kursus")
    lesson = Lesson(id="ny", title="Ny", text=f"Se {picture.markdown('en blå flade')}")
    assert workshop.pictures.find(picture.sha256) is None
    workshop.manuscripts.add(trainer, draft, [lesson], "regler", [picture, picture])
    assert workshop.pictures.find(picture.sha256) == picture


def test_a_part_that_is_moved_or_removed(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    workshop.manuscripts.move(trainer, draft, "module:kilder", -5)
    content = workshop.manuscripts.read(trainer, draft).content
    assert [module.id for module in content.modules] == ["kilder", "regler", "data"]
    with pytest.raises(InvalidContent, match="bruges i"):
        workshop.manuscripts.remove(trainer, draft, "question:q-1")
    with pytest.raises(InvalidContent):
        workshop.manuscripts.remove(trainer, draft, "question:findes-ikke")
    assert COURSE not in {one.part for one in workshop.manuscripts.history(trainer, draft)}


def test_a_course_has_one_open_manuscript_and_a_discarded_one_makes_room(workshop: Workshop, trainer: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    assert workshop.manuscripts.begin(trainer, "kursus") == draft
    workshop.publishing.discard(trainer, draft, "Vi begynder forfra.")
    with pytest.raises(InvalidContent, match="allerede udgivet eller kasseret"):
        workshop.reword(trainer, draft)
    assert workshop.manuscripts.begin(trainer, "kursus") != draft


def test_a_version_published_meanwhile_is_not_overwritten_unseen(
    workshop: Workshop, trainer: Person, colleague: Person
) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    workshop.reword(trainer, draft)
    workshop.school.publish(course(count=7))
    assert workshop.manuscripts.read(trainer, draft).outdated
    workshop.settle(trainer, draft)
    with pytest.raises(InvalidDecision, match="nyere version"):
        workshop.publishing.send(trainer, draft, "")
    workshop.publishing.adopt_newest(trainer, draft)
    workshop.settle(trainer, draft)
    workshop.publishing.send(trainer, draft, "")
    approve(workshop, colleague, draft, "")
    assert workshop.publishing.publish(trainer, draft).number == 3


def test_only_trainers_and_the_taskforce_write(workshop: Workshop, trainer: Person, employee: Person) -> None:
    draft = workshop.manuscripts.begin(trainer, "kursus")
    part = SingleChoice.model_validate(question(1))
    calls: list[Callable[[], object]] = [
        lambda: workshop.manuscripts.open(employee),
        lambda: workshop.manuscripts.begin(employee, "kursus"),
        lambda: workshop.manuscripts.create(employee, "a", "b", "c"),
        lambda: workshop.manuscripts.read(employee, draft),
        lambda: workshop.manuscripts.save(employee, draft, part, ""),
        lambda: workshop.manuscripts.add(employee, draft, [part]),
        lambda: workshop.manuscripts.remove(employee, draft, "question:q-1"),
        lambda: workshop.manuscripts.move(employee, draft, "question:q-1", 1),
        lambda: workshop.manuscripts.keep_pictures(employee, []),
        lambda: workshop.manuscripts.history(employee, draft),
        lambda: workshop.manuscripts.restore(employee, draft, 1),
        lambda: workshop.publishing.findings(employee, draft),
        lambda: workshop.publishing.accept(employee, draft, "x", "y"),
        lambda: workshop.publishing.send(employee, draft, ""),
        lambda: approve(workshop, employee, draft, ""),
        lambda: workshop.publishing.send_back(employee, draft, "x"),
        lambda: workshop.publishing.publish(employee, draft),
        lambda: workshop.publishing.discard(employee, draft, "x"),
        lambda: workshop.publishing.adopt_newest(employee, draft),
        lambda: workshop.publishing.steps(employee, draft),
    ]
    for call in calls:
        with pytest.raises(NotAllowed):
            call()


def test_an_unknown_manuscript_is_told(workshop: Workshop, trainer: Person) -> None:
    with pytest.raises(UnknownManuscript):
        workshop.manuscripts.read(trainer, "findes-ikke")
    with pytest.raises(UnknownManuscript):
        workshop.publishing.findings(trainer, "findes-ikke")


def test_what_is_right_is_still_graded_after_a_new_version(workshop: Workshop, employee: Person) -> None:
    attempt = workshop.school.take(employee, answer=RIGHT)
    assert workshop.school.attempts.get(employee, attempt).result.share == 1.0
