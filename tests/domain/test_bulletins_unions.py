"""Ten documents in the manner of other unions, against what a careful person finds in them (see tests/documents)."""

from functools import cache

import pytest

from tests.domain.reading_score import Score, documents, score

NAMES = {path.name: path for path in documents()}


@cache
def scored(name: str) -> Score:
    return score(NAMES[name])


@pytest.mark.parametrize("name", NAMES)
def test_every_item_is_found_none_is_invented_and_each_says_what_the_document_says(name: str) -> None:
    told = scored(name)
    assert (told.missed, told.invented, told.wrong) == ([], [], [])


def test_there_are_ten_documents_with_more_than_a_hundred_items() -> None:
    assert len(NAMES) >= 10
    assert sum(scored(name).expected for name in NAMES) > 100
