"""A slice of the hostile input, for every run of the tests; `python -m tests.fuzz` has the rest."""

import pytest

from tests.fuzz.mutate import mutated
from tests.fuzz.parsers import PARSERS, Parser
from tests.fuzz.running import run


@pytest.mark.parametrize("name", PARSERS)
def test_hostile_input_is_read_or_refused_in_words(name: str) -> None:
    parser = PARSERS[name]
    tally = run(name, parser, inputs=parser.few, seed=1, bounded=False)
    assert tally.failures == []
    assert tally.inputs == parser.few


def test_the_inputs_are_neither_all_good_nor_all_bad() -> None:
    """What is only refused, or only read, tests one half of a parser."""
    for name in ("moments", "recurrences", "lead times", "receipts"):
        tally = run(name, PARSERS[name], inputs=100, seed=2, bounded=False)
        assert 5 < tally.refused < 100, name


def test_a_parser_that_does_not_foresee_something_is_found_again_by_its_seed() -> None:
    careless = Parser(("1 2 3", "4 5"), lambda typed: [int(one) for one in typed.split()])
    found = run("careless", careless, inputs=60, seed=3, bounded=False).failures
    assert found
    assert found == run("careless", careless, inputs=60, seed=3, bounded=False).failures
    assert "ValueError" in found[0]
    from random import Random

    assert mutated(careless.examples, Random(1)) == mutated(careless.examples, Random(1))
