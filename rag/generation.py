"""The writer: asks a language model for a checked answer, within a time, and is content with none.

Data goes to the model only here. Whatever goes wrong (slow, broken, cut, refused, unusable) the caller gets None and shows
the extractive answer; the log gets a word for the reason, never a word of the text.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from rag import grounding, prompts
from rag.breaker import Breaker
from rag.grounding import Checked, Written
from rag.index import IndexedPassage
from rag.retriever import Hit
from rag.source import Status

log = logging.getLogger(__name__)

PASSAGES = 8
PASSAGE_CHARS = 9000
ANSWER_CHARS = 20_000
FIRST_WORD = 0.6
PAUSE = 0.5
LIBRARIES = ("openai", "httpx", "httpx2", "httpcore", "httpcore2", "langchain_openai")


@dataclass(frozen=True)
class ModelAccess:
    """Where a model is reached. `azure_version` is set for Azure OpenAI, where `model` is the deployment.

    `timeout` is the seconds for a whole answer, a second attempt included; `max_tokens` the longest answer.
    """

    address: str
    key: SecretStr
    model: str
    azure_version: str | None
    timeout: float
    max_tokens: int


class NoAnswer(Exception):
    """The model gave nothing usable; `reason` is a word for the log. `alive` says that the server itself works."""

    def __init__(self, reason: str, *, alive: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.alive = alive


class _Output(BaseModel):
    sentences: tuple[Written, ...]


class Writer:
    """Writes answers with one model. Thread-safe; the client is made, and its libraries imported, by `prepare` or the first
    question."""

    def __init__(self, access: ModelAccess, breaker: Breaker | None = None) -> None:
        self._access = access
        self._breaker = breaker or Breaker()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._model: Any = None
        self._answering: Any = None

    @property
    def name(self) -> str:
        """The model's name, as it is kept with the answer."""
        return self._access.model

    @property
    def ready(self) -> bool:
        """Whether asking is worth the wait; False while the server rests after repeated failures."""
        return self._breaker.closed

    def prepare(self) -> None:
        """Load the client's libraries, which takes seconds; sends nothing."""
        self._running()

    def write(self, question: str, hits: Sequence[Hit]) -> Checked | None:
        """The checked sentences, at least one in the model's own words, or None. Never raises, never outlasts the time-out."""
        given = passages(hits)
        if not given or not self._breaker.admits():
            log.info("model not asked: %s", "no passages" if not given else "resting after failures")
            return None
        started = time.perf_counter()
        try:
            written = self._answer(prompts.messages(question, given))
        except NoAnswer as trouble:
            self._breaker.note(alive=trouble.alive)
            log.warning("model gave no answer: %s after %.1f s", trouble.reason, time.perf_counter() - started)
            return None
        self._breaker.note(alive=True)
        checked = grounding.check(written, given)
        log.info(
            "model wrote %d sentences in %.1f s: %d in its own words hold, faults %s",
            len(written),
            time.perf_counter() - started,
            checked.own,
            dict(checked.faults),
        )
        return checked if checked.own else None

    def say(self, prompt: str) -> str | None:
        """What the model makes of a prompt as it stands, unchecked, or None. For exercises; never raises, as `write`."""
        if not self._breaker.admits():
            return None
        try:
            text = self._told([("user", prompt)], answering=False)
        except NoAnswer as trouble:
            self._breaker.note(alive=trouble.alive)
            log.warning("model gave nothing for an exercise: %s", trouble.reason)
            return None
        self._breaker.note(alive=True)
        return text.strip() or None

    def _answer(self, messages: list[tuple[str, str]]) -> tuple[Written, ...]:
        """What the model wrote, unchecked; raises `NoAnswer`."""
        try:
            return _Output.model_validate_json(self._told(messages, answering=True)).sentences
        except ValidationError:
            raise NoAnswer("not the agreed JSON") from None

    def _told(self, messages: list[tuple[str, str]], *, answering: bool) -> str:
        """The model's text, in the agreed form of an answer or as it likes; raises `NoAnswer`."""
        try:
            loop = self._running()
            model = self._answering if answering else self._model
            return asyncio.run_coroutine_threadsafe(self._in_time(model, messages), loop).result()
        except NoAnswer:
            raise
        except TimeoutError:
            raise NoAnswer("time-out") from None
        except Exception as error:  # noqa: BLE001  whatever a client library raises, and its message may hold the question
            raise _trouble(error) from None

    def _running(self) -> asyncio.AbstractEventLoop:
        """One loop in a thread of its own: a call can be ended at any moment, and connections are kept."""
        with self._lock:
            if self._loop is None:
                self._model = _client(self._access)
                self._answering = self._model.bind(response_format=prompts.SCHEMA)
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="writer", daemon=True).start()
            return self._loop

    async def _in_time(self, model: Any, messages: list[tuple[str, str]]) -> str:
        async with asyncio.timeout(self._access.timeout):
            try:
                return await self._stream(model, messages)
            except Exception as error:
                pause = _pause(error)
                if pause is None or pause > self._access.timeout / 4:
                    raise
                log.info("model is asked once more: %s", _trouble(error).reason)
                await asyncio.sleep(pause)
                return await self._stream(model, messages)

    async def _stream(self, model: Any, messages: list[tuple[str, str]]) -> str:
        from langsmith import tracing_context

        text, finish = "", ""
        first = asyncio.get_running_loop().time() + self._access.timeout * FIRST_WORD
        with tracing_context(enabled=False):  # or LANGSMITH_TRACING in the environment sends a copy to somebody else
            async with aclosing(model.astream(messages)) as chunks, asyncio.timeout_at(first) as patience:
                async for chunk in chunks:
                    if chunk.additional_kwargs.get("refusal"):
                        raise NoAnswer("refusal", alive=True)
                    if chunk.text and not finish:  # after the end langchain repeats the whole answer in one piece
                        patience.reschedule(None)
                        text += chunk.text
                    finish = chunk.response_metadata.get("finish_reason") or finish
                    if len(text) > ANSWER_CHARS:
                        raise NoAnswer("too long", alive=True)
        if finish == "content_filter":
            raise NoAnswer("refusal", alive=True)
        if finish != "stop":
            raise NoAnswer("too long", alive=True) if finish == "length" else NoAnswer("cut off")
        return text


def passages(hits: Sequence[Hit]) -> dict[str, IndexedPassage]:
    """Label -> passage of the best hits that may be quoted; no more than a model reads well."""
    given: dict[str, IndexedPassage] = {}
    size = 0
    for hit in hits:
        size += len(hit.indexed.body)
        if len(given) == PASSAGES or (given and size > PASSAGE_CHARS):
            break
        if hit.indexed.version.status is not Status.RETIRED:
            given[f"k{len(given) + 1}"] = hit.indexed
    return given


def _client(access: ModelAccess) -> Any:
    """The model behind langchain. No temperature: some models refuse it."""
    for library in LIBRARIES:
        logging.getLogger(library).setLevel(logging.WARNING)  # their DEBUG lines hold the whole question
    from langchain_openai import AzureChatOpenAI, ChatOpenAI

    common: dict[str, Any] = {
        "api_key": access.key,
        "timeout": access.timeout,
        "max_retries": 0,
        "max_tokens": access.max_tokens,
    }
    if access.azure_version:
        model: ChatOpenAI | AzureChatOpenAI = AzureChatOpenAI(
            azure_endpoint=access.address,
            azure_deployment=access.model,
            api_version=access.azure_version,
            **common,
        )
    else:
        model = ChatOpenAI(base_url=access.address, model=access.model, **common)
    _ = (
        model.root_async_client.beta.chat.completions
    )  # loads a thousand types, which must not count as waiting for the model
    return model


def _pause(error: Exception) -> float | None:
    """Seconds before a second attempt at what may pass (busy, failing or unreachable), else None."""
    import openai

    if isinstance(error, openai.APITimeoutError):
        return None
    if isinstance(error, openai.APIStatusError):
        if error.status_code != 429 and error.status_code < 500:
            return None
        asked = error.response.headers.get("retry-after", "")
        return float(asked) if asked.isdigit() else PAUSE
    return PAUSE if isinstance(error, openai.APIConnectionError) else None


def _trouble(error: Exception) -> NoAnswer:
    """An error in a word: the HTTP status or the name of its kind, for its message may repeat what was sent."""
    status = getattr(error, "status_code", None)
    if getattr(error, "code", None) == "content_filter" or "ContentFilter" in type(error).__name__:
        return NoAnswer("refusal", alive=True)
    if "LengthFinish" in type(error).__name__:
        return NoAnswer("too long", alive=True)
    if isinstance(error, AssertionError):  # how the client says that nothing in the stream was an answer
        return NoAnswer("no stream of answers")
    return NoAnswer(f"HTTP {status}" if status else type(error).__name__)
