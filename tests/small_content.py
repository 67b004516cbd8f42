"""A small content folder in the form of the shipped one."""

from pathlib import Path

FRONT = """---
id: {id}
title: {title}
summary: {summary}
publisher: Randers Kommune
level: {level}
status: {status}
version: "{version}"
valid_from: {valid_from}
owner: IT & Digitalisering
{more}---

"""

COPILOT = """Teksten er et udkast.

## Hvem må bruge Copilot

<!-- spørgsmål
- Må jeg bruge Copilot?
- Hvem har adgang til Copilot?
-->

Medarbejdere må bruge Copilot, når nærmeste leder har godkendt det. (Kilde: K-1)

Adgangen lukkes efter 90 dage uden brug. (Kilde: K-1)

## Kilder

- K-1: Et notat om hjortetakker og Copilot.
"""

DATABESKYTTELSE = """Teksten forklarer reglerne om personoplysninger.

## Konsekvensanalyse

<!-- spørgsmål
- Hvornår skal vi lave en konsekvensanalyse?
-->

Kommunen skal lave en konsekvensanalyse, ved høj risiko for borgerne. (Kilde: GDPR art. 35 – kontrolleres af jura)

## CPR-numre

<!-- spørgsmål
- Må jeg skrive et CPR-nummer i ChatGPT?
-->

Du må ikke skrive CPR-numre i åbne AI-tjenester. (Kilde: K-2)

## Kilder

- K-2: En vejledning.
"""

MOEDER = """Teksten handler om møder.

## Optagelse af møder

<!-- spørgsmål
- Må vi optage møder?
-->

Alle deltagere skal have besked, før et møde optages. (Kilde: K-3)

- Slet lydfilen, når referatet er godkendt. (Kilde: K-3)
- Gem kun referatet på sagen. (Kilde: K-3)

## Kilder

- K-3: Et brev.
"""

GLOSSARY = """terms:
  - term: konsekvensanalyse
    synonyms: [DPIA]
    definition: En analyse af risikoen for de personer, hvis oplysninger behandles.
    source: databeskyttelse
  - term: voicebot
    synonyms: [telefonrobot]
    definition: En robot, der taler med den, der ringer.
"""

PEOPLE = """people:
  - {id: demo-mette, name: Mette Medarbejder, unit: Social, about: Socialrådgiver, roles: [employee]}
  - {id: demo-tina, name: Tina Taskforce, unit: IT, about: Medlem af taskforcen, roles: [employee, taskforce]}
"""


def guideline(
    key: str,
    title: str,
    body: str,
    level: str = "municipal",
    status: str = "draft",
    version: str = "1.0",
    valid_from: str = "2024-01-01",
    **more: str,
) -> str:
    """A Markdown guideline with front matter; `more` adds lines such as `valid_to`."""
    lines = "".join(f"{name}: {value}\n" for name, value in more.items())
    front = FRONT.format(
        id=key,
        title=title,
        summary=f"Om {title}.",
        level=level,
        status=status,
        version=version,
        valid_from=valid_from,
        more=lines,
    )
    return front + body


def write_content(folder: Path) -> Path:
    """Write guidelines, glossary and people to `folder`, and return it."""
    guidelines = folder / "guidelines"
    organisation = folder / "organisation"
    guidelines.mkdir(parents=True)
    organisation.mkdir()
    texts = {
        "copilot": guideline("copilot", "Microsoft 365 Copilot", COPILOT),
        "databeskyttelse": guideline("databeskyttelse", "Databeskyttelse", DATABESKYTTELSE, "law", "approved"),
        "moeder": guideline("moeder", "Møder og referater", MOEDER, "local"),
    }
    for name, text in texts.items():
        (guidelines / f"{name}.md").write_text(text, "utf-8")
    (folder / "glossary.yaml").write_text(GLOSSARY, "utf-8")
    (organisation / "demo_people.yaml").write_text(PEOPLE, "utf-8")
    return folder
