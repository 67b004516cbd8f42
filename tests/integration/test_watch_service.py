"""The watch on sources, on both databases: held back at once, told to exactly those who were tested, decided by a trainer."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, select, update

from courses.errors import InvalidDecision, UnknownCourse
from courses.tables import QuestionRefRow, SourceUpdateRow
from courses.watch import Reason
from courses.watch_service import WatchService
from people.errors import NotAllowed
from people.person import Person
from people.roles import Role
from people.tables import PersonRow
from storage import audit
from storage.session import reading, transaction
from tests.watched_course import SOURCE, WRONG, School, course, question, rule

REWORDED = rule(3).replace("altid", "ikke længere")


@pytest.fixture
def other(person: Callable[..., Person]) -> Person:
    return person("demo-ole")


@pytest.fixture
def school(engine: Engine, employee: Person, other: Person, trainer: Person) -> School:
    made = School(engine, employee, other, trainer)
    made.publish(course())
    return made


def updates_stored(school: School) -> int:
    with reading(school.engine) as session:
        return session.scalar(select(func.count()).select_from(SourceUpdateRow)) or 0


# --- held back ----------------------------------------------------------------------------------------------------


def test_nothing_is_held_back_while_the_sources_stand(school: School, trainer: Person) -> None:
    assert school.watch.held_back(school.courses.current("kursus")) == frozenset()
    assert school.watch.flagged(trainer) == []


def test_a_changed_paragraph_holds_its_question_back_from_new_attempts_at_once(
    school: School, employee: Person
) -> None:
    under_way = school.begin(employee)
    school.put(regel_3=REWORDED)
    assert school.watch.held_back(school.courses.current("kursus")) == {"q-3"}
    assert "q-3" in school.asked(under_way)
    school.attempts.submit(employee, under_way)
    assert school.asked(school.begin(employee)) == {"q-1", "q-2", "q-4", "q-5", "q-6"}


def test_a_paragraph_that_comes_back_releases_its_question(school: School) -> None:
    school.put(regel_3="")
    assert school.watch.held_back(school.courses.current("kursus")) == {"q-3"}
    school.put(regel_3=rule(3))
    assert school.watch.held_back(school.courses.current("kursus")) == frozenset()


def test_a_renamed_section_holds_nothing_back(school: School) -> None:
    school.put(regel_3="", et_nyt_navn=rule(3))
    assert school.watch.held_back(school.courses.current("kursus")) == frozenset()


def test_a_question_whose_quote_was_never_found_waits_and_is_tied_when_the_quote_comes(
    school: School, trainer: Person
) -> None:
    school.put(regel_3="")
    school.publish(course(key="nyt", questions=[question(20), question(21, sources=[])]))
    version = school.courses.current("nyt")
    assert school.watch.held_back(version) == {"q-20"}
    held = {one.question.id: one for one in school.watch.flagged(trainer)}
    assert [(place.reason, place.before) for place in held["q-20"].places] == [(Reason.NOT_FOUND, "")]
    school.put(regel_20=rule(20))
    assert school.watch.held_back(version) == {"q-20"}
    assert school.watch.sweep() == 0
    assert school.watch.held_back(version) == frozenset()
    assert [citation.quote for citation in school.watch.citations(version.wordings["q-20"])] == ["Regel 20 siger"]


def test_all_is_held_back_while_no_source_can_be_quoted_but_nobody_is_alarmed(school: School, employee: Person) -> None:
    school.take(employee)
    school.passages = []
    assert len(school.watch.held_back(school.courses.current("kursus"))) == 6
    assert school.watch.sweep() == 0
    assert school.watch.updates(employee) == []


# --- told ---------------------------------------------------------------------------------------------------------


def test_exactly_the_people_tested_on_a_changed_paragraph_are_told(
    school: School, employee: Person, other: Person, trainer: Person
) -> None:
    school.take(employee, answer=WRONG)
    school.publish(course(key="andet", questions=[question(1), question(2)]))
    school.take(other, "andet")
    school.begin(trainer)  # not handed in
    school.put(regel_3=REWORDED)
    assert school.watch.sweep() == 1
    (told,) = school.watch.updates(employee)
    assert (told.before, told.after, told.title) == (rule(3), REWORDED, SOURCE.title())
    assert told.where is not None and told.where.passage.text == REWORDED
    assert school.watch.updates(other) == school.watch.updates(trainer) == []


def test_an_attempt_that_was_open_during_the_change_is_told_of_once_it_is_handed_in(
    school: School, employee: Person
) -> None:
    attempt = school.begin(employee)
    school.put(regel_3=REWORDED)
    assert school.watch.sweep() == 0
    school.attempts.submit(employee, attempt)
    assert school.watch.sweep() == 1


def test_an_attempt_without_the_question_gives_no_update(school: School, employee: Person) -> None:
    school.put(regel_3=REWORDED)
    school.take(employee)
    assert school.watch.sweep() == 0


def test_sweeping_again_and_in_several_processes_at_once_tells_once(
    school: School, employee: Person, other: Person
) -> None:
    for one in (employee, other):
        school.take(one)
    school.put(regel_3=REWORDED, regel_5="")
    sweepers = [WatchService(school.engine, school.courses, lambda: school.passages) for _ in range(4)]
    errors: list[Exception] = []
    counts: list[int] = []
    barrier = threading.Barrier(len(sweepers))

    def sweep(watch: WatchService) -> None:
        barrier.wait()
        try:
            counts.append(watch.sweep())
        except Exception as error:  # noqa: BLE001  whatever a thread dies of must reach the test
            errors.append(error)

    threads = [threading.Thread(target=sweep, args=(watch,)) for watch in sweepers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sum(counts) == updates_stored(school) == 4
    assert school.watch.sweep() == 0


def test_two_questions_on_one_paragraph_give_one_update(school: School, employee: Person) -> None:
    twins = [question(3), question(24, sources=question(3)["sources"])]
    school.publish(course(key="tvillinger", questions=twins))
    school.take(employee, "tvillinger")
    school.put(regel_3=REWORDED)
    assert school.watch.sweep() == 1
    assert len(school.watch.updates(employee)) == 1


def test_a_removed_paragraph_is_told_as_removed_and_leads_to_its_source(school: School, employee: Person) -> None:
    school.take(employee)
    school.put(
        **{f"regel_{number}": "" for number in range(1, 13)}, andet="Her står noget helt andet om mødereferater."
    )
    assert school.watch.sweep() == 6
    told = school.watch.updates(employee)
    assert {one.after for one in told} == {""}
    assert all(one.where is not None and one.where.section.anchor == "andet" for one in told)


def test_a_second_change_replaces_the_first_that_was_not_read(school: School, employee: Person) -> None:
    school.take(employee)
    later = REWORDED.replace("bliver brugt", "bliver sendt")
    for text in (REWORDED, later):
        school.put(regel_3=text)
        school.watch.sweep()
        school.clock.forward(days=1)
    assert [one.after for one in school.watch.updates(employee)] == [later]
    school.put(regel_3=REWORDED)
    school.watch.sweep()
    assert [one.after for one in school.watch.updates(employee)] == [REWORDED]
    school.put(regel_3=rule(3))
    assert school.watch.updates(employee) == []


def test_an_update_is_read_once_by_its_owner_only(school: School, employee: Person, other: Person) -> None:
    school.take(employee)
    school.put(regel_3=REWORDED)
    school.watch.sweep()
    (told,) = school.watch.updates(employee)
    for stranger, key in ((other, told.id), (employee, "nowhere")):
        with pytest.raises(UnknownCourse):
            school.watch.read(stranger, key)
    assert len(school.watch.updates(employee)) == 1
    first = school.clock.at
    school.watch.read(employee, told.id)
    school.clock.forward(hours=1)
    school.watch.read(employee, told.id)
    assert school.watch.updates(employee) == []
    with reading(school.engine) as session:
        assert session.scalars(select(SourceUpdateRow.read_at)).all() == [first]


def test_trainers_see_how_far_a_change_has_come_without_names(
    school: School, employee: Person, other: Person, trainer: Person
) -> None:
    for one in (employee, other, trainer):
        school.take(one)
    school.put(regel_3=REWORDED)
    school.watch.sweep()
    school.watch.read(employee, school.watch.updates(employee)[0].id)
    (spread,) = school.watch.spread(trainer)
    assert (spread.people, spread.read, spread.before, spread.after) == (3, 1, rule(3), REWORDED)
    assert spread.share == pytest.approx(1 / 3)
    with transaction(school.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.id == other.id).values(active=False))
    assert school.watch.spread(trainer)[0].share == 0.5


def test_somebody_who_has_left_is_not_told(school: School, employee: Person) -> None:
    school.take(employee)
    with transaction(school.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.id == employee.id).values(active=False))
    school.put(regel_3=REWORDED)
    assert school.watch.sweep() == 0


def test_the_sweep_is_done_once_for_each_state_of_the_sources(school: School, employee: Person) -> None:
    school.take(employee)
    school.watch.sweep_if_changed()
    school.put(regel_3=REWORDED)
    school.watch.sweep_if_changed()
    assert len(school.watch.updates(employee)) == 1
    with transaction(school.engine) as session:
        session.query(SourceUpdateRow).delete()
    school.watch.sweep_if_changed()
    assert updates_stored(school) == 0


def test_a_sweep_that_fails_is_tried_again_and_breaks_no_page(
    school: School, employee: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    school.take(employee)
    school.put(regel_3=REWORDED)
    with monkeypatch.context() as broken:
        broken.setattr(school.watch, "_clock", None)
        school.watch.sweep_if_changed()
    assert school.watch.updates(employee) == []
    school.watch.sweep_if_changed()
    assert len(school.watch.updates(employee)) == 1


# --- decided ------------------------------------------------------------------------------------------------------


def flagged_three(school: School, trainer: Person) -> tuple[str, str]:
    """Wording of the question on rule 3, which has changed, and the hash of what stands there now."""
    school.put(regel_3=REWORDED)
    (held,) = school.watch.flagged(trainer)
    (place,) = held.places
    assert (held.question.id, held.courses, held.withdrawn) == ("q-3", ("Kursus kursus",), "")
    assert (place.reason, place.before, place.quote) == (Reason.CHANGED, rule(3), "Regel 3 siger")
    assert place.now[0].passage.text == REWORDED
    return held.wording, place.now[0].passage.hash


def test_a_question_that_is_still_right_is_asked_again(school: School, employee: Person, trainer: Person) -> None:
    wording, now = flagged_three(school, trainer)
    school.watch.confirm(trainer, wording, 0, now, " medarbejdere ikke længere skal tjekke ")
    assert school.watch.flagged(trainer) == []
    assert "q-3" in school.asked(school.begin(employee))
    assert [one.quote for one in school.watch.citations(wording)] == ["medarbejdere ikke længere skal tjekke"]
    with reading(school.engine) as session:
        assert session.query(QuestionRefRow).where(QuestionRefRow.question_version_id == wording).count() == 2
        (event,) = session.query(audit.AuditEvent).all()
    assert (event.actor, event.action, event.object_id) == (trainer.id, "question.confirmed", wording)
    assert event.after_hash == now
    with pytest.raises(InvalidDecision, match="allerede"):
        school.watch.confirm(trainer, wording, 0, now, "Regel 3")


@pytest.mark.parametrize("quote", ["", "  ", "medarbejdere altid skal tjekke", "MEDARBEJDERE ikke længere"])
def test_a_quote_that_does_not_stand_there_word_for_word_is_refused(
    school: School, trainer: Person, quote: str
) -> None:
    wording, now = flagged_three(school, trainer)
    with pytest.raises(InvalidDecision, match="ordret"):
        school.watch.confirm(trainer, wording, 0, now, quote)
    assert len(school.watch.flagged(trainer)) == 1


def test_a_passage_that_is_not_there_and_a_place_that_never_was_are_refused(school: School, trainer: Person) -> None:
    wording, now = flagged_three(school, trainer)
    with pytest.raises(InvalidDecision, match="ikke længere"):
        school.watch.confirm(trainer, wording, 0, "0" * 64, "Regel 3")
    for key, place in ((wording, 1), ("nowhere", 0)):
        with pytest.raises(UnknownCourse):
            school.watch.confirm(trainer, key, place, now, "Regel 3")


def test_those_tested_before_a_confirmation_are_told_even_if_the_sweep_comes_after_and_those_after_are_not(
    school: School, employee: Person, other: Person, trainer: Person
) -> None:
    school.take(employee)
    school.clock.forward(days=1)
    wording, now = flagged_three(school, trainer)
    school.watch.confirm(trainer, wording, 0, now, "Regel 3")
    school.clock.forward(days=1)
    school.take(other)
    assert school.watch.sweep() == 1
    assert [one.after for one in school.watch.updates(employee)] == [REWORDED]
    assert school.watch.updates(other) == []


def test_a_change_after_a_confirmation_is_told_to_both(
    school: School, employee: Person, other: Person, trainer: Person
) -> None:
    school.take(employee)
    school.clock.forward(days=1)
    wording, now = flagged_three(school, trainer)
    school.watch.confirm(trainer, wording, 0, now, "Regel 3")
    school.clock.forward(days=1)
    school.take(other)
    later = REWORDED.replace("bliver brugt", "bliver sendt")
    school.put(regel_3=later)
    school.watch.sweep()
    for one in (employee, other):
        assert [(told.before, told.after) for told in school.watch.updates(one)] == [(REWORDED, later)]


def test_a_withdrawn_question_is_asked_no_more_and_says_why(school: School, employee: Person, trainer: Person) -> None:
    wording = school.courses.current("kursus").wordings["q-2"]
    school.watch.withdraw(trainer, wording, " Reglen er afskaffet. ")
    assert school.watch.held_back(school.courses.current("kursus")) == {"q-2"}
    assert "q-2" not in school.asked(school.begin(employee))
    (held,) = school.watch.flagged(trainer)
    assert (held.question.id, held.withdrawn, held.places) == ("q-2", "Reglen er afskaffet.", ())
    with reading(school.engine) as session:
        (event,) = session.query(audit.AuditEvent).all()
    assert (event.actor, event.action, event.object_id) == (trainer.id, "question.withdrawn", wording)
    with pytest.raises(InvalidDecision, match="allerede"):
        school.watch.withdraw(trainer, wording, "Igen.")


def test_a_withdrawn_question_is_not_confirmed(school: School, trainer: Person) -> None:
    wording, now = flagged_three(school, trainer)
    school.watch.withdraw(trainer, wording, "Forkert.")
    with pytest.raises(InvalidDecision, match="trukket tilbage"):
        school.watch.confirm(trainer, wording, 0, now, "Regel 3")


@pytest.mark.parametrize("reason", ["", " \n", "x" * 2001])
def test_a_withdrawal_needs_a_reason_of_a_fair_length(school: School, trainer: Person, reason: str) -> None:
    wording = school.courses.current("kursus").wordings["q-2"]
    with pytest.raises(InvalidDecision):
        school.watch.withdraw(trainer, wording, reason)
    with pytest.raises(UnknownCourse):
        school.watch.withdraw(trainer, "nowhere", "Fordi.")
    assert school.watch.flagged(trainer) == []


def test_an_edited_question_is_no_longer_flagged_unless_somebody_still_takes_the_old_version(
    school: School, employee: Person, trainer: Person
) -> None:
    school.put(regel_3=REWORDED)
    edited = [question(number) for number in range(1, 7)]
    edited[2] = question(3, text="Hvad siger regel 3 nu?")
    attempt = school.begin(employee)
    old = school.courses.current("kursus").wordings["q-3"]
    school.publish(course(questions=edited))
    assert [one.wording for one in school.watch.flagged(trainer)] == [old]
    school.attempts.submit(employee, attempt)
    school.begin(employee)  # moves on to the new version
    assert school.watch.flagged(trainer) == []


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.TRAINER, Role.TASKFORCE}])
def test_only_those_who_manage_courses_decide_and_count(
    school: School, person: Callable[..., Person], role: Role
) -> None:
    stranger = person("demo-x", role)
    for attempt in (
        lambda: school.watch.flagged(stranger),
        lambda: school.watch.spread(stranger),
        lambda: school.watch.confirm(stranger, "x", 0, "x", "x"),
        lambda: school.watch.withdraw(stranger, "x", "x"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
