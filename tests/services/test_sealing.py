"""Sealed mode: what is written can only be read with a key that is not on the server."""

import base64
import csv
import io
import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, strategies
from pyrage import x25519

from bot.config import load_settings
from bot.domain.problems import BadInput
from bot.domain.sealing import SIZES, padded, unpadded
from bot.services.sealing import Damaged, NotForThisKey, is_sealed, open_file, open_sealed, seal, seal_file
from bot.services.setup_check import check_installation
from bot.services.unsealing import unseal

REPOSITORY = Path(__file__).parents[2]
ANA, BEN, EVE = (x25519.Identity.generate() for _ in range(3))
TEXTS = ["", "Told to stay late. Ω 🚩\nTwice.", "=cmd|' /C calc'!A1", "y" * 1_020, "y" * 1_021, "🚩" * 4_000]


def sealing_for(*people: x25519.Identity) -> SimpleNamespace:
    """What sealing looks at of an installation with these people's public keys."""
    keys = ", ".join(str(one.to_public()) for one in people)
    return SimpleNamespace(
        settings=load_settings(None, {"SOLIDARITY_FEEDBACK__RECIPIENTS": keys}, need_token=False)
    )


BOTH = sealing_for(ANA, BEN)


def body_size(sealed: bytes) -> int:
    """How much there is after the header of age, which ends with the line of its own seal."""
    return len(sealed) - sealed.index(b"\n", sealed.index(b"\n--- ") + 1) - 1


@given(strategies.text(max_size=4_000))
def test_a_text_of_any_length_comes_back_and_has_one_of_three_sizes(text: str) -> None:
    data = padded(text)
    assert len(data) in SIZES
    assert unpadded(data) == text.encode(errors="replace").decode()


@pytest.mark.parametrize("text", TEXTS)
def test_each_recipient_can_open_a_text_and_nobody_else(text: str) -> None:
    sealed = seal(BOTH, text)
    assert body_size(sealed) in {size + 32 for size in SIZES}
    assert open_sealed([ANA], sealed) == open_sealed([BEN], sealed) == open_sealed([EVE, ANA], sealed) == text
    assert not text or text.encode() not in sealed
    with pytest.raises(NotForThisKey, match="does not fit"):
        open_sealed([EVE], sealed)


def test_texts_of_the_same_size_class_cannot_be_told_apart_by_size() -> None:
    sizes = {len(text): body_size(seal(BOTH, text)) for text in ("", "y", "y" * 1_020)}
    assert len(set(sizes.values())) == 1
    assert seal(BOTH, "the same") != seal(BOTH, "the same")


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data + b"\0",
        lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
        lambda data: data.replace(b"age-encryption", b"age_encryption"),
        lambda _: b"",
        lambda _: seal_file(BOTH, b"whole, but not laid out as a text"),
        lambda _: seal_file(BOTH, padded("x")[:-1] + b"y"),
    ],
    ids=["cut", "halved", "longer", "changed", "renamed", "empty", "another kind", "not padded"],
)
def test_what_was_changed_or_cut_off_is_refused(harm) -> None:
    with pytest.raises(Damaged, match="changed or cut off"):
        open_sealed([ANA], harm(seal(BOTH, "Told to stay late.")))


def test_without_recipients_nothing_is_sealed_and_the_library_is_not_loaded() -> None:
    nobody = sealing_for()
    assert not is_sealed(nobody)
    assert seal(nobody, "x") is seal_file(nobody, b"x") is None
    code = (
        "import sys, bot.app, bot.services.sealing\nfrom bot.config import load_settings\n"
        "load_settings(None, {}, need_token=False)\nassert 'pyrage' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=REPOSITORY)


def test_what_does_not_fit_is_refused_and_not_cut() -> None:
    with pytest.raises(BadInput, match="too long"):
        seal(BOTH, "y" * 16_381)


async def test_the_check_says_who_can_read_feedback(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for people, words in (
        ((), "readable text"),
        ((ANA,), "the one key"),
        ((ANA, BEN), "any one of the 2 keys"),
    ):
        findings = await check_installation(sealing_for(*people).settings, datetime.now(UTC))
        (finding,) = [one for one in findings if one.subject == "Feedback"]
        assert finding.ok
        assert words in finding.what
        assert ("docs/sealed-mode.md" in (finding.fix or "")) == (not people)


# Opening an export.


def encoded(text: str, context: SimpleNamespace = BOTH) -> str:
    return base64.b64encode(seal(context, text)).decode()


def csv_export(*sealed: str) -> bytes:
    out = io.StringIO(newline="")
    rows = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(["Topic", "Week", "Text", "Sealed"])
    rows.writerows(["A meeting", "2025-W14", "[sealed]" if one else "in the open", one] for one in sealed)
    return out.getvalue().encode("utf-8-sig")


def opened(data: bytes, folder: Path, *people: x25519.Identity, name: str = "export.csv") -> bytes:
    (folder / name).write_bytes(data)
    target = folder / "readable"
    target.unlink(missing_ok=True)
    unseal(people, folder / name, target)
    assert target.stat().st_mode & 0o777 == 0o600
    return target.read_bytes()


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_csv_export_is_opened_row_by_row_and_stays_safe_for_spreadsheets(tmp_path) -> None:
    data = csv_export(*map(encoded, TEXTS), "")
    header, *rows = rows_of(opened(data, tmp_path, BEN))
    assert header == ["Topic", "Week", "Text", "Sealed"]
    guarded = [f"'{text}" if text.startswith("=") else text for text in TEXTS]
    assert rows == [["A meeting", "2025-W14", text, ""] for text in [*guarded, "in the open"]]
    whole = seal_file(BOTH, data)
    assert rows_of(opened(whole, tmp_path, ANA, name="export.csv.age"))[1:] == rows


def test_what_was_added_later_stays_behind_what_was_sealed(tmp_path) -> None:
    """As the export writes it: the sealed text's place is at the start, whatever members wrote after it."""
    document = [{"text": "[sealed]\n\n[Added:] I said [sealed].", "sealed": encoded("first")}]
    (entry,) = json.loads(opened(json.dumps(document).encode(), tmp_path, ANA, name="export.json"))
    assert (entry["text"], entry["sealed"]) == ("first\n\n[Added:] I said [sealed].", "")


def test_a_json_export_is_opened_wherever_something_is_sealed(tmp_path) -> None:
    document = {
        "purpose": "briefing",
        "entries": [
            {"text": "", "sealed": encoded(TEXTS[1]), "added": [{"text": "", "sealed": encoded("later")}]},
            {"text": "in the open", "sealed": ""},
        ],
    }
    result = json.loads(opened(json.dumps(document).encode(), tmp_path, ANA, name="export.json"))
    first, second = result["entries"]
    assert (first["text"], first["sealed"], first["added"][0]["text"]) == (TEXTS[1], "", "later")
    assert second == document["entries"][1]


def test_a_zip_of_exports_is_opened_inside_and_other_files_are_left_as_they_are(tmp_path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("feedback-1.csv", csv_export(encoded("one")))
        archive.writestr("feedback-2.csv", csv_export(encoded("two")))
        archive.writestr("read-me.txt", "About this export.")
    result = opened(seal_file(BOTH, packed.getvalue()), tmp_path, ANA, name="export.zip.age")
    with zipfile.ZipFile(io.BytesIO(result)) as archive:
        assert [rows_of(archive.read(f"feedback-{n}.csv"))[1][2] for n in (1, 2)] == ["one", "two"]
        assert archive.read("read-me.txt") == b"About this export."
    report = b"<!doctype html><p>Report</p>" * 10_000
    assert opened(seal_file(BOTH, report), tmp_path, BEN, name="report.html.age") == report


def test_texts_for_other_keys_stay_sealed_and_are_counted(tmp_path) -> None:
    source, target = tmp_path / "export.csv", tmp_path / "readable.csv"
    for_eve = encoded("for Eve", sealing_for(EVE))
    source.write_bytes(csv_export(encoded("for Ana"), for_eve))
    tally = unseal([ANA], source, target)
    assert (tally.opened, tally.left) == (1, 1)
    assert [row[2:] for row in rows_of(target.read_bytes())[1:]] == [["for Ana", ""], ["[sealed]", for_eve]]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (csv_export(encoded("x", sealing_for(EVE))), NotForThisKey),
        (seal_file(sealing_for(EVE), b"x"), NotForThisKey),
        (seal_file(BOTH, b"x" * 200_000)[:-1], Damaged),
        (seal_file(BOTH, b"x" * 200_000)[:70_000], Damaged),
        (csv_export(encoded("x"), encoded("y")[:-8]), Damaged),
        (csv_export(encoded("x"), "not base64!"), Damaged),
        (csv_export(encoded("x")) + b'"\xff\xfe"\r\n', Damaged),
        (b'{"entries": [', Damaged),
        (csv_export(""), BadInput),
        (b"Minutes of the branch meeting.", BadInput),
        (b"", BadInput),
    ],
)
def test_what_cannot_be_opened_leaves_nothing_behind(tmp_path, data: bytes, problem) -> None:
    with pytest.raises(problem):
        opened(data, tmp_path, ANA)
    assert [path.name for path in tmp_path.iterdir()] == ["export.csv"]


def test_what_the_server_sealed_any_tool_for_age_could_open() -> None:
    assert seal_file(BOTH, b"x").startswith(b"age-encryption.org/v1\n")
    assert open_file([ANA], seal_file(BOTH, b"x" * 100_000)) == b"x" * 100_000
