"""The public keys for sealed mode: how they may be written, and what is refused."""

import pytest
from pyrage import x25519

from tests.config.helpers import load, only_problem, problems_of

SECRET = x25519.Identity.generate()
KEYS = (str(SECRET.to_public()), str(x25519.Identity.generate().to_public()))
VARIABLE = "SOLIDARITY_FEEDBACK__RECIPIENTS"


@pytest.mark.parametrize(
    "written",
    [", ".join(KEYS), "\n".join(KEYS), f"  {KEYS[0]},{KEYS[1]}\n", f'["{KEYS[0]}", " {KEYS[1]} "]'],
)
def test_keys_in_the_environment_may_be_written_with_commas_or_as_a_list(written: str) -> None:
    assert load(**{VARIABLE: written}).feedback.recipients == KEYS


def test_keys_in_the_file_are_a_list_and_the_environment_wins() -> None:
    text = f'[feedback]\nrecipients = ["{KEYS[0]}"]'
    assert load(text).feedback.recipients == KEYS[:1]
    assert load(text, **{VARIABLE: KEYS[1]}).feedback.recipients == KEYS[1:]
    assert load(text, **{VARIABLE: ""}).feedback.recipients == ()


def test_every_wrong_key_is_told_with_its_number_and_without_what_it_holds() -> None:
    wrong = [KEYS[0][:-1], KEYS[1], "ssh-ed25519 AAAA", str(SECRET)]
    first, second, third = problems_of(f"[feedback]\nrecipients = {wrong}")
    assert [one.where for one in (first, second, third)] == [
        f"config.toml, [feedback] recipients, number {number}" for number in (1, 3, 4)
    ]
    for problem in (first, second):
        assert "a part of it is missing" in problem.what
        assert "keygen" in problem.fix
    assert "secret key" in third.what
    assert "Remove it here" in third.fix
    for secret in (str(SECRET), KEYS[0][:20], "AAAA"):
        assert secret not in f"{first}{second}{third}"


@pytest.mark.parametrize("written", ["[1]", '["', "[" * 100_000, "{}"])
def test_what_is_no_list_of_keys_is_refused(written: str) -> None:
    assert only_problem(**{VARIABLE: written}).where.startswith(VARIABLE)


def test_a_key_that_is_there_twice_is_a_slip() -> None:
    assert "more than once" in only_problem(**{VARIABLE: f"{KEYS[0]} {KEYS[0]}"}).what
