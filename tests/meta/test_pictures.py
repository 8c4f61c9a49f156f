"""Every picture in the documents is there, small and described, and none of the tour lies there unshown."""

import re
import struct

from tests.browser.screenshots import SIZES
from tests.meta.project import ROOT, markdown_files, shown

PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
SHORTEST_DESCRIPTION = 60
LARGEST = 120_000
MOST = 16


def test_every_picture_that_a_document_names_is_there_small_and_described() -> None:
    named = 0
    for document in markdown_files():
        if document.is_relative_to(ROOT / "tests" / "documents"):
            continue  # what the reader is tried on, as others wrote it
        for words, target in PICTURE.findall(document.read_text(encoding="utf-8")):
            path = (document.parent / target).resolve()
            where = f"{shown(document)}: {target}"
            assert len(words) >= SHORTEST_DESCRIPTION, f"{where} needs words for those who cannot see it"
            assert path.is_relative_to(ROOT / "docs" / "images"), where
            data = path.read_bytes()
            assert data.startswith(b"\x89PNG"), where
            assert len(data) <= LARGEST, where
            named += 1
    assert named > MOST


def test_the_tour_shows_every_picture_at_both_widths() -> None:
    text = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    in_the_tour = {target.removeprefix("images/").removesuffix(".png") for _, target in PICTURE.findall(text)}
    stored = {path.stem for path in (ROOT / "docs" / "images").iterdir() if path.is_file()}
    assert in_the_tour == stored == set(SIZES)
    assert len(stored) <= MOST
    for name, words in ((target[7:-4], words) for words, target in PICTURE.findall(text)):
        (width,) = struct.unpack(">I", (ROOT / "docs" / "images" / f"{name}.png").read_bytes()[16:20])
        said = "On a phone:" if width < 1000 else "On a computer:"
        assert words.startswith(said), name
