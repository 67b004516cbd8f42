"""Text that speaks to the machine: orders hidden in a source or a question. They are never quoted and never searched for.

The list is not what protects an answer: that is made of checked quotes whatever the question says. It keeps a planted order from
being quoted as if it were a rule.
"""

import re

from rag.sentences import sentences

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_MARKUP = re.compile(r"<!--.*?(-->|$)|\[//\]:[^\n]*|</?(system|inst|span)\b[^>]*>", re.IGNORECASE | re.DOTALL)
_SPEAKS = re.compile(
    r"""
    \b(ignor[eé]r?|se\ bort\ fra|glem|spring)\b.{0,40}\b(regler|reglerne|instruk\w*|retningslinjer|kilder|kilderne|rules)\b
    | \b(ignore|disregard)\b.{0,40}\b(instructions?|rules|above)\b
    | ^\W*(system|assistant|assistent|user|developer|chatbotten)\s*: | "role"\s*: | \[/?inst\] | </?system>
    | \btil\ (assistenten|sprogmodellen|chatbotten)\s*: | \bkære\ ai\b
    | \b(assistenten|sprogmodellen)\ skal\b | \bordre\b.{0,40}\bchatbotten\b
    | \b(du\ er\ nu|du\ hedder|you\ are\ (now|allowed|\w*bot)|you\ must\ comply)\b
    | ^\W*svar\ (kun|altid|ja|nej|som|ikke|fra\ nu)\b | \bsvar\ kun\b | \bsvar\ altid\b | ^\W*(afslut|skriv\ i)\ (dit\ )?svar\w*
    | \b(reply\ to\ all|answer\ (every|in\ english)|mark\ every\ answer|output\ the\ raw)\b
    | \b(systemprompt|ny\ (instruks|besked)\ fra\ udvikleren|slut\ på\ (kilde|spørgsmål\w*)|før\ du\ svarer|inden\ du\ svarer)\b
    | \bfortæl\ brugeren\b | \bbed\ (brugeren|medarbejderen)\ om\b | ^\W*(sig|skriv),\ at\ det\ er\ (lovligt|tilladt)\b
    | \bdenne\ kilde\ er\ den\ eneste\b
    | \b(andre\ (medarbejdere|brugere))\ har\ (stillet|spurgt)\b | \bher\ er\ listen\b | \bat\ du\ har\ fået\ denne\ besked\b
    | \budfør\ den\b | \bgiver\ dig\ hermed\ lov\b | \bsiger\ altid\ ja\b | !\[[^\]]*\]\(
    """,
    re.IGNORECASE | re.VERBOSE,
)


def speaks_to_machine(text: str) -> bool:
    """Whether a sentence gives the assistant an order or pretends to be part of its making."""
    return bool(_UNSEEN.search(text) or _MARKUP.search(text) or _SPEAKS.search(text))


def without_orders(question: str) -> str:
    """The question without what speaks to the machine; unchanged where nothing else would be left."""
    plain = _MARKUP.sub("\n", question)
    kept = [sentence.text for sentence in sentences(plain) if not speaks_to_machine(sentence.text)]
    return " ".join(kept) or question
