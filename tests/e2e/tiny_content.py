"""A content folder with one guideline and one course of three questions, so that a browser test starts quickly."""

import shutil
from pathlib import Path

from tests.e2e.browser import ROOT

QUOTE = "Skriv ikke navn, CPR-nummer, adresse, telefonnummer eller sagsnummer i en åben AI-tjeneste."
COURSE = """id: lille
title: Et lille kursus
summary: Om det, du ikke må skrive.
audience: Alle ansatte
open_to_all: true
final: proeve
modules: [lille/modul]
"""
MODULE = """id: modul
title: Det, du ikke må skrive
summary: En lektion og en prøve.
activities:
  - {id: lektion, file: lektion.md}
  - kind: quiz
    id: proeve
    title: Afsluttende prøve
    policy: {attempts: 0, pass_at: 0.5, show: after_submit}
    slots:
      - {question: lille-1}
      - {question: lille-2}
"""
QUESTION = """- id: lille-{number}
  type: true_false
  text: {text}
  answer: {answer}
  feedback: Se kodeks.
  sources:
    - {{source: generativ-ai-regler, section: personoplysninger-i-en-prompt, quote: "{quote}"}}
"""
TEXTS = ("Du må skrive et sagsnummer i en åben AI-tjeneste.", "En adresse hører ikke til i en åben AI-tjeneste.")


def tiny_content(folder: Path) -> Path:
    """The folder, filled."""
    module = folder / "courses" / "lille" / "modul"
    module.mkdir(parents=True)
    (folder / "guidelines").mkdir()
    shutil.copy(ROOT / "content" / "guidelines" / "generativ-ai-regler.md", folder / "guidelines")
    shutil.copytree(ROOT / "content" / "organisation", folder / "organisation")
    shutil.copy(ROOT / "content" / "glossary.yaml", folder)
    (module.parent / "course.yaml").write_text(COURSE, "utf-8")
    (module / "module.yaml").write_text(MODULE, "utf-8")
    (module / "lektion.md").write_text("---\ntitle: Læs reglen\nminutes: 1\n---\nSkriv ikke om borgere.\n", "utf-8")
    questions = [
        QUESTION.format(number=number, text=text, answer=str(number == 2).lower(), quote=QUOTE)
        for number, text in enumerate(TEXTS, 1)
    ]
    (module / "questions.yaml").write_text("".join(questions), "utf-8")
    return folder
