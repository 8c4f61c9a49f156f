"""What every text is freed of before it is read: other systems' line ends, characters that only steer a printer."""

import re
import unicodedata

SOFT_HYPHEN = "\u00ad"

_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_SYMBOLS = str.maketrans(
    {
        # The Symbol and Wingdings fonts have no Unicode; Word puts their bullets into the private area.
        "\uf0b7": "•",
        "\uf0a7": "▪",
        "\uf0a8": "▪",
        "\uf06e": "▪",
        "\uf06c": "•",
        "\uf076": "•",
        "\uf0d8": "•",
        "\uf0fc": "•",
        "\uf02d": "-",
        "\uf0e0": "→",
    }
)
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029|\x85|\x0b")
_BROKEN_AT_SOFT_HYPHEN = re.compile(rf"{SOFT_HYPHEN}[ \t]*\n[ \t]*(\S+)[ \t]*\n?")
_UNSEEN = re.compile(
    # joiners and marks of no width; control characters but tab, newline and form feed; private and unassigned ones
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufff0-\ufffb\ufffe\uffff]"
)
_SPACES_AT_THE_END = re.compile(r"[ \t]+$", re.MULTILINE)


def tidy(text: str) -> str:
    """The same text with newlines only, without what cannot be seen, and with ligatures in letters."""
    text = _LINE_ENDS.sub("\n", text).translate(_LIGATURES).translate(_SYMBOLS)
    text = _BROKEN_AT_SOFT_HYPHEN.sub(r"\1\n", text).replace(SOFT_HYPHEN, "")
    text = _SPACES_AT_THE_END.sub("", _UNSEEN.sub("", text))
    return unicodedata.normalize("NFC", text).strip("\n") + "\n"
