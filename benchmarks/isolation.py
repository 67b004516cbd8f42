"""A fresh Python process for a measurement, so that neither memory nor caches of the one before count."""

import multiprocessing
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def alone(environment: Mapping[str, str], function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    """Call a module-level function in a process of its own with extra environment variables; errors come back here."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_enter, initargs=(dict(environment),)) as pool:
        return pool.submit(function, *arguments, **named).result()


def _enter(environment: dict[str, str]) -> None:
    os.environ.update(environment)
