"""Runs a parser over many inputs, and says what it did not foresee and what took it too long."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random

from tests.fuzz.mutate import mutated
from tests.fuzz.parsers import Parser

SECONDS_FOR_ONE = 5
SHOWN = 120


class TooSlow(BaseException):
    """One input took longer than anything may; not an `Exception`, so that no parser swallows it."""


@dataclass
class Tally:
    """What became of the inputs."""

    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0
    slowest_input: str = ""
    failures: list[str] = field(default_factory=list)


def run(name: str, parser: Parser, *, inputs: int, seed: int, bounded: bool = True) -> Tally:
    """Gives a parser so many inputs. The same seed makes the same inputs."""
    random, tally = Random(f"{seed} {name}"), Tally()
    for number in range(inputs):
        given = mutated(parser.examples, random)
        started = time.thread_time()
        try:
            with _at_most(SECONDS_FOR_ONE if bounded else 0):
                parser.call(given)
        except parser.allowed:
            tally.refused += 1
        except TooSlow:
            tally.failures.append(
                f"{name}, input {number}: longer than {SECONDS_FOR_ONE} s: {given[:SHOWN]!r}"
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody has foreseen it
            where = _where(error)
            tally.failures.append(
                f"{name}, input {number}: {type(error).__name__}: {error} ({where}): {given[:SHOWN]!r}"
            )
        took = time.thread_time() - started
        if took > tally.slowest:
            tally.slowest, tally.slowest_input = took, given
        tally.inputs += 1
    return tally


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    if not seconds:
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        with suppress(ValueError):
            signal.signal(signal.SIGALRM, before)
