"""Course files: a folder a course with `course.yaml`, and a folder a module with `module.yaml`, lessons and questions.

    content/courses/<course>/course.yaml        the fields of `Course`; `modules` are folders, relative to `content/courses`
    content/courses/<anywhere>/module.yaml      the fields of `Module`; a lesson is given by `file` instead of its text
    content/courses/<anywhere>/<lesson>.md      front matter (`title`, `minutes`, `sources`) and Markdown
    content/courses/<anywhere>/questions.yaml   a list of questions, or questions.gift

A picture `![text](picture.svg)` of a lesson stands beside it and becomes part of the text, so that a version needs no file.
"""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from courses.course import Course
from courses.errors import InvalidContent

_FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_PICTURE = re.compile(r"!\[([^\]\n]*)\]\(([\w.-]+)\)")
_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
MOST_PICTURE = 400_000  # bytes
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, ten times as fast, where libyaml is there


def course_folders(folder: Path) -> list[Path]:
    """The folders below `folder` that hold a course."""
    return sorted(path.parent for path in folder.glob("*/course.yaml"))


def load_course(folder: Path) -> Course:
    """The course in `folder` with everything it names; raises `InvalidContent` with file and place."""
    path = folder / "course.yaml"
    data = _mapping(path)
    data["modules"] = [_module(one) for one in _module_folders(data, path)]
    return _checked(data, path)


def fingerprint(folder: Path) -> str:
    """SHA-256 of all files that the course in `folder` is made of; raises `InvalidContent` when `course.yaml` does not hold."""
    path = folder / "course.yaml"
    digest = hashlib.sha256(path.read_bytes())
    for one in _module_folders(_mapping(path), path):
        for file in sorted(one.glob("*")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _module_folders(data: dict[str, Any], path: Path) -> list[Path]:
    modules = data.get("modules")
    if not isinstance(modules, list) or not all(isinstance(name, str) for name in modules):
        raise InvalidContent(f"{_name(path)}: modules skal være en liste af mapper.")
    return [path.parent.parent / name for name in modules]


def _checked(data: dict[str, Any], path: Path) -> Course:
    try:
        return Course.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = _place(data, first["loc"])
        more = f" (og {error.error_count() - 1} andre fejl)" if error.error_count() > 1 else ""
        raise InvalidContent(f"{_name(path)}: {place}: {first['msg']}{more}.") from error


def _place(data: Any, location: tuple[int | str, ...]) -> str:
    """Where in the data an error is, by ids where there are some."""
    parts = []
    for step in location:
        if isinstance(data, dict) and step in data:
            data = data[step]
            parts.append(str(step))
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
            parts.append(str(data["id"]) if isinstance(data, dict) and "id" in data else str(step))
        elif isinstance(step, str):
            parts.append(step)
    return " > ".join(parts) or "kurset"


def _module(folder: Path) -> dict[str, Any]:
    path = folder / "module.yaml"
    data = _mapping(path)
    activities = data.get("activities")
    if not isinstance(activities, list) or not all(isinstance(one, dict) for one in activities):
        raise InvalidContent(f"{_name(path)}: activities skal være en liste.")
    data["activities"] = [_lesson(folder, one) if "file" in one else one for one in activities]
    data["questions"] = _questions(folder)
    return data


def _lesson(folder: Path, activity: dict[str, Any]) -> dict[str, Any]:
    path = folder / str(activity["file"])
    text = _read(path)
    front = _FRONT.match(text)
    if front is None:
        raise InvalidContent(f"{_name(path)}: filen skal begynde med linjer mellem --- og ---.")
    head = _parsed(front[1], path)
    if not isinstance(head, dict):
        raise InvalidContent(f"{_name(path)}: linjerne mellem --- og --- skal være navn: værdi.")
    body = _PICTURE.sub(lambda match: _picture(match, folder), text[front.end() :].strip())
    rest = {key: value for key, value in activity.items() if key != "file"}
    return {"kind": "lesson", **head, **rest, "text": body}


def _picture(match: re.Match[str], folder: Path) -> str:
    path = folder / match[2]
    kind = _TYPES.get(path.suffix.lower())
    if kind is None or not path.is_file() or path.stat().st_size > MOST_PICTURE:
        raise InvalidContent(f"{_name(path)}: billedet mangler, er for stort eller har en forkert type.")
    if not match[1].strip():
        raise InvalidContent(f"{_name(path)}: billedet mangler en tekst til dem, der ikke kan se det.")
    return f"![{match[1]}](data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()})"


def _questions(folder: Path) -> list[Any]:
    found: list[Any] = []
    path = folder / "questions.yaml"
    if path.exists():
        listed = _parsed(_read(path), path)
        if not isinstance(listed, list):
            raise InvalidContent(f"{_name(path)}: filen skal være en liste af spørgsmål.")
        found += listed
    bank = folder / "questions.gift"
    if bank.exists():
        from courses.exchange import gift  # a tenth of a second that a start need not wait for

        read = gift.read(_read(bank))
        if read.refused:
            line, reason = read.refused[0].line, read.refused[0].reason
            raise InvalidContent(f"{_name(bank)}: linje {line}: {reason}")
        found += [question.model_dump() for question in read.questions]
    return found


def _mapping(path: Path) -> dict[str, Any]:
    data = _parsed(_read(path), path)
    if not isinstance(data, dict):
        raise InvalidContent(f"{_name(path)}: filen skal være navn: værdi.")
    return data


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidContent(f"{_name(path)}: filen kan ikke læses som tekst (UTF-8).") from error


def _parsed(text: str, path: Path) -> Any:
    try:
        return yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise InvalidContent(f"{_name(path)}: filen er ikke YAML. {str(error).splitlines()[0]}") from error


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
