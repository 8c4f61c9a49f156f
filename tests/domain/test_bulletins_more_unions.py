"""Twenty-five more documents, written before the reader was tried on them, against what a careful person finds in them."""

import pytest

from tests.domain.reading_score import documents, score

DOCUMENTS = {
    path.name: path for folder in ("later", "third", "fourth", "fifth") for path in documents(folder)
}
MISSED = {"bus-shout.txt": ["meeting: SECOND SITTING"]}
WRONG = {
    "construction-composite.txt": ["title 'COMPOSITE 4 (covering motions 17, 18 and 22) HEAT, COLD AND'"],
    "warehouse.md": ["Sat 27 Feb – family day, with bouncy cas: ends None"],
    "orchestra.txt": ["title 'SOCIETY OF ORCHESTRAL PLAYERS NEWSLETTER 88'"],
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_missed_is_known_nothing_is_invented_and_the_rest_says_what_the_document_says(
    name: str,
) -> None:
    told = score(DOCUMENTS[name])
    assert told.invented == []
    assert told.missed == MISSED.get(name, [])
    assert [one.partition(", not ")[0] for one in told.wrong] == WRONG.get(name, [])


def test_there_are_twenty_five_documents_and_as_good_as_all_is_found() -> None:
    expected = sum(score(path).expected for path in DOCUMENTS.values())
    assert len(DOCUMENTS) == 25
    assert sum(map(len, MISSED.values())) < expected / 20
