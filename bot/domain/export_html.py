"""Feedback as one page of HTML that needs nothing else: no script, no other file, no connection."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from bot.domain.export_formats import About, said_about
from bot.domain.export_rows import Entry


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with the same in words, and as the rows of a table."""

    name: str
    title: str
    png: bytes = field(repr=False)
    description: str
    rows: tuple[tuple[str, str], ...]
    note: str


_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; padding: 1rem; max-width: 42rem; background: #fff; color: #1a1a1a;
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { line-height: 1.2; border-bottom: .4rem solid #ffd500; padding-bottom: .5rem; }
h2 { margin-top: 2.5rem; }
figure { margin: 1rem 0; break-inside: avoid; }
img { display: block; width: 100%; max-width: 30rem; height: auto; }
table { border-collapse: collapse; margin: 1rem 0; width: 100%; max-width: 30rem; }
caption { text-align: left; font-weight: 600; }
th, td { text-align: left; font-weight: 400; padding: .3rem .5rem .3rem 0; border-bottom: 1px solid #767676; }
thead th { font-weight: 600; }
td, thead th + th { text-align: right; white-space: nowrap; }
article { margin: 1rem 0; break-inside: avoid; }
article p { margin: 0; color: #4a4a4a; font-size: .9rem; }
blockquote { margin: .2rem 0 0; padding-left: .8rem; border-left: .25rem solid #767676; white-space: pre-wrap; }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt; } h2, h3 { break-after: avoid; }
  figure { max-width: 12cm; } article { orphans: 3; widows: 3; } }
"""


class HtmlWriter:
    """The page: what it is, the figures as charts with their tables, then the pieces topic by topic."""

    def __init__(self, about: About, pictures: Sequence[Picture]) -> None:
        self._about = about
        self._pictures = pictures
        self._topic: str | None = None

    def start(self) -> str:
        """The head, what the page is, and the figures."""
        about, title = self._about, escape(self._about.title)
        return (
            '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta http-equiv="Content-Security-Policy" '
            "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
            f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
            f"<p>Made on {escape(about.made_on)} for: {escape(about.purpose)}.</p>\n"
            f"<p>{escape(about.note)}</p>\n<h2>Figures</h2>\n"
            "<p>The figures count all feedback, whatever this page is limited to.</p>\n"
            f"{''.join(map(_figure, self._pictures))}"
            f"<h2>What was said</h2>\n<p>Holds: {escape(about.asked_in_words)}.</p>\n"
        )

    def rows(self, entries: Sequence[Entry]) -> str:
        """Each piece as a quotation under its topic."""
        return "".join([self._piece(entry) for entry in entries])

    def _piece(self, entry: Entry) -> str:
        topic = entry.particulars.topic
        heading = "" if topic == self._topic else f"<h3>{escape(topic)}</h3>\n"
        self._topic = topic
        return (
            f"{heading}<article><p>{escape(said_about(entry))}</p>"
            f'<blockquote dir="auto">{escape(entry.text)}</blockquote></article>\n'
        )

    def end(self) -> str:
        """The end, with a word where there is nothing to read."""
        nothing = "" if self._topic is not None else "<p>Nothing was found.</p>\n"
        return f"{nothing}</main>\n</body>\n</html>\n"


def _figure(picture: Picture) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(label)}</th><td>{escape(value)}</td></tr>\n'
        for label, value in picture.rows
    )
    return (
        f"<h3>{escape(picture.title)}</h3>\n<figure>\n"
        f'<img alt="{escape(picture.description)}" '
        f'src="data:image/png;base64,{b64encode(picture.png).decode()}">\n</figure>\n'
        f"<table>\n<caption>{escape(picture.title)}, in numbers</caption>\n"
        '<thead><tr><th scope="col">What</th><th scope="col">Pieces</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody>\n</table>\n<p>{escape(picture.note)}</p>\n"
    )
