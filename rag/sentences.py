"""Danish sentences as exact spans of a text."""

import re
from dataclasses import dataclass

_ABBREVIATIONS = frozenset(
    """
    a adr afd afs alm ang anm art b bd bek bl bla bl.a c ca cvr d d.d d.v.s dr dvs e ekskl eks etc evt f f.eks f.o.m
    feks ff fig fmd forts fvl fx g gl gns h hhv hr if ift iht inkl instr istf j jf jfr jnr j.nr k kap kgl kl kr l
    litra lb lbk m m.fl m.h.t m.m m.v mag maks max md mdr med mht mia mill min mio mr mrd mv n nedenn nr nuv o o.a
    o.l o.lign ofl ol o.s.v osv ovenn p pag par p.g.a pga pct pkt pr prof q r red resp s sek sen sml st stk s.u t
    t.d tab tdl teknol tlf t.o.m tv u u.a udg v vedr vha w x y z ø å
    """.split()
)
_END = re.compile(r"[.!?…]+[\"”»’')\]]*(?=\s|$)")
_NOTE = re.compile(r"[^\S\n]*\(Kilde: (?:[^()\n]|\([^()\n]*\))*\)")


@dataclass(frozen=True)
class Sentence:
    """Characters `start` to `end` of the text it was cut from; `note` is the source remark that follows it."""

    text: str
    start: int
    end: int
    note: str = ""


def without_notes(text: str) -> str:
    """`text` without its remarks in the form "(Kilde: …)"."""
    return _NOTE.sub("", text)


def sentences(text: str) -> list[Sentence]:
    """The sentences of `text`, source remarks left out. A line break ends a sentence; abbreviations and dates do not."""
    notes = list(_NOTE.finditer(text))
    found: list[Sentence] = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for piece_start, piece_end in _outside(notes, line.start(), line.end()):
            start = piece_start
            for end in _ends(text, piece_start, piece_end):
                _append(found, text, start, end, notes)
                start = end
    return found


def _outside(notes: list[re.Match[str]], start: int, end: int) -> list[tuple[int, int]]:
    pieces = []
    for note in notes:
        if start <= note.start() and note.end() <= end:
            pieces.append((start, note.start()))
            start = note.end()
    pieces.append((start, end))
    return pieces


def _ends(text: str, start: int, end: int) -> list[int]:
    ends = []
    for match in _END.finditer(text, start, end):
        if text[match.start()] == "." and match.end() < end and _goes_on(text, start, match):
            continue
        ends.append(match.end())
    if not ends or ends[-1] < end:
        ends.append(end)
    return ends


def _goes_on(text: str, start: int, match: re.Match[str]) -> bool:
    before = text[start : match.start()].split()
    last = before[-1].lstrip("(\"”»'").lower() if before else ""
    following = text[match.end() :].lstrip()[:1]
    if last in _ABBREVIATIONS:
        return not (len(last) > 2 and following.isupper() and last in {"osv", "etc", "mv"})
    return last.isdigit() and following.islower()  # 2. december


def _append(found: list[Sentence], text: str, start: int, end: int, notes: list[re.Match[str]]) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if not any(character.isalnum() for character in text[start:end]):
        return
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    note = next((n.group().strip() for n in notes if end <= n.start() < line_end), "")
    found.append(Sentence(text[start:end], start, end, note))
