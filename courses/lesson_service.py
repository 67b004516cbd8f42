"""Use case "ask this page": a question answered from one lesson and the sources it rests on, and from nothing else."""

import re
from dataclasses import dataclass

from courses.course import Lesson
from people.person import Person
from people.roles import Permission
from rag.answer import Answer, Outcome
from rag.assistant import Assistant
from rag.coverage import Asked

TOLD = 0.6  # share of the question's words, by rarity, that a sentence of the lesson must hold
MOST = 2
_MARKS = re.compile(r"!\[[^\]]*\]\([^)]*\)|^>\s?(\[![^\]]*\])?|^#+\s.*$|^[-*]\s+|\*\*", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.?:])\s+")


@dataclass(frozen=True)
class LessonAnswer:
    """What the sources of the lesson say, and sentences of the lesson itself, word for word."""

    from_sources: Answer
    from_lesson: tuple[str, ...]


@dataclass(frozen=True)
class LessonService:
    """Answers with the assistant, which holds the privacy gate."""

    assistant: Assistant

    def ask(self, person: Person, lesson: Lesson, question: str) -> LessonAnswer:
        """The answer to one question; raises `InvalidQuestion`. Nothing of it is kept."""
        person.require(Permission.LEARN)
        answer = self.assistant.ask_in(question, {ref.source for ref in lesson.sources})
        if answer.status is Outcome.BLOCKED:
            return LessonAnswer(answer, ())
        return LessonAnswer(answer, self._told(answer.understood or question, lesson))

    def _told(self, question: str, lesson: Lesson) -> tuple[str, ...]:
        whole = self.assistant.search.current().retriever.snapshot
        asked = Asked(question, whole.lexical, whole.glossary)
        plain = _MARKS.sub("", lesson.text)
        sentences = [" ".join(one.split()) for block in plain.split("\n\n") for one in _SENTENCE.split(block)]
        weighed = [(asked.found_in(one), one) for one in dict.fromkeys(sentences) if one.endswith(".")]
        best = sorted((pair for pair in weighed if pair[0] >= TOLD), key=lambda pair: -pair[0])
        return tuple(sentence for _, sentence in best[:MOST])
