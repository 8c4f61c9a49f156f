"""Receipts: nobody can guess one, and whoever has one can type it as they like."""

import pytest

from bot.domain.problems import BadInput
from bot.domain.receipts import ALPHABET, new_receipt, normalise_receipt

RECEIPT = "7K3M-Q01D-9XW2-H5TA"


def test_a_receipt_has_80_bits_in_four_groups():
    receipt = new_receipt()
    groups = receipt.split("-")
    assert [len(group) for group in groups] == [4, 4, 4, 4]
    assert set("".join(groups)) <= set(ALPHABET)
    assert len(ALPHABET) ** 16 == 2**80


def test_receipts_differ_and_use_every_symbol_everywhere():
    receipts = [new_receipt().replace("-", "") for _ in range(2_000)]
    assert len(set(receipts)) == len(receipts)
    assert all(set(column) == set(ALPHABET) for column in zip(*receipts, strict=True))


def test_a_receipt_is_its_own_normal_form():
    receipt = new_receipt()
    assert normalise_receipt(receipt) == receipt


@pytest.mark.parametrize(
    "typed",
    [
        "7k3m-q01d-9xw2-h5ta",
        "7K3MQ01D9XW2H5TA",
        " 7K3M Q01D 9XW2 H5TA\n",
        "7K3M-QO1D-9XW2-H5TA",
        "7k3m-qold-9xw2-h5ta",
        "7K3M-Q0ID-9XW2-H5TA",
        "7K3M–Q01D—9XW2‑H5TA",
        "`7K3M-Q01D-9XW2-H5TA`",
        "**7K3M-Q01D-9XW2-H5TA**.",
        "７Ｋ３Ｍ-Q01D-9XW2-H5TA",
        "\ufeff7K3M-Q01D\u200b-9XW2-H5TA\u200e",
    ],
)
def test_it_may_be_typed_in_many_ways(typed):
    assert normalise_receipt(typed) == RECEIPT


@pytest.mark.parametrize(
    "typed",
    ["", "-", "7K3M-Q01D-9XW2-H5T", "7K3M-Q01D-9XW2-H5TAA", "7K3M-Q01D-9XW2-H5TU", "7K3M-Q01D-9XW2-H5T!", "é" * 16,
     "\0" * 16, "\ud800" * 16, "7" * 10_000],
)  # fmt: skip
def test_what_cannot_be_a_receipt_is_refused_with_an_example(typed):
    with pytest.raises(BadInput) as caught:
        normalise_receipt(typed)
    assert "7K3M" in caught.value.next_step
