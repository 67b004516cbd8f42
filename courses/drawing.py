"""Which questions an attempt gets, and in what order they and their options are shown; settled once, when it begins."""

from collections.abc import Collection
from random import Random

from courses.course import Course, Quiz
from courses.question import Matching, MultipleChoice, Ordering, Question, SingleChoice


def drawn(
    course: Course, quiz: Quiz, held_back: Collection[str], seen: Collection[str], chance: Random
) -> list[Question]:
    """The questions of an attempt. Pools draw what the person has not `seen` first, and nothing twice.

    Questions that are `held_back` are left out; an attempt may then be shorter than its slots.
    """
    questions = course.questions
    taken = {slot.question for slot in quiz.slots if slot.question}
    found: list[Question] = []
    for slot in quiz.slots:
        if slot.question is not None:
            found += [questions[slot.question]] if slot.question not in held_back else []
        elif slot.pool is not None:
            pool = [one for one in course.pooled(slot.pool) if one.id not in taken and one.id not in held_back]
            chance.shuffle(pool)
            pool.sort(key=lambda one: one.id in seen)
            chosen = pool[: slot.pool.count]
            taken |= {one.id for one in chosen}
            found += chosen
    if quiz.policy.shuffle_questions:
        chance.shuffle(found)
    return found


def shown_order(question: Question, chance: Random, *, shuffle: bool) -> list[str]:
    """Ids (matching: right sides) in the order they are shown. What is to be put in order is never shown in the right one."""
    if isinstance(question, SingleChoice | MultipleChoice):
        order = [option.id for option in question.options]
    elif isinstance(question, Matching):
        order = list(question.choices)
    elif isinstance(question, Ordering):
        order = [item.id for item in question.items]
        right = list(order)
        while order == right:
            chance.shuffle(order)
        return order
    else:
        return []
    if shuffle and question.shuffle:
        chance.shuffle(order)
    return order
