"""Feedback as one page of HTML that needs nothing else: no script, no other file, no connection."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from bot.domain.export_formats import NOTHING, About, said_about
from bot.domain.export_markup import FIGURE, PIECE, ROW, START, STYLE
from bot.domain.export_rows import Entry
from bot.domain.language import say, spoken


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with the same in words, and as the rows of a table."""

    name: str
    title: str
    png: bytes = field(repr=False)
    description: str
    rows: tuple[tuple[str, str], ...]
    note: str


class HtmlWriter:
    """The page: what it is, the figures as charts with their tables, then the pieces topic by topic."""

    def __init__(self, about: About, pictures: Sequence[Picture]) -> None:
        self._about = about
        self._pictures = pictures
        self._topic: str | None = None

    def start(self) -> str:
        """The head, what the page is, and the figures."""
        about = self._about
        return START.format(
            language=spoken().info().get("language", "en-GB"),
            style=STYLE,
            title=escape(about.title),
            made=escape(say("Made on {day} for: {purpose}.", day=about.made_on, purpose=about.purpose)),
            note=escape(about.note),
            heading=escape(say("Figures")),
            counted=escape(say("The figures count all feedback, whatever this page is limited to.")),
            figures="".join(map(_figure, self._pictures)),
            said=escape(say("What was said")),
            holds=escape(say("Holds: {asked_for}.", asked_for=about.asked_in_words)),
        )

    def rows(self, entries: Sequence[Entry]) -> str:
        """Each piece as a quotation under its topic."""
        return "".join([self._piece(entry) for entry in entries])

    def _piece(self, entry: Entry) -> str:
        topic = entry.particulars.topic
        heading = "" if topic == self._topic else f"<h3>{escape(topic)}</h3>\n"
        self._topic = topic
        return heading + PIECE.format(about=escape(said_about(entry)), text=escape(entry.text))

    def end(self) -> str:
        """The end, with a word where there is nothing to read."""
        nothing = "" if self._topic is not None else f"<p>{escape(say(NOTHING))}</p>\n"
        return f"{nothing}</main>\n</body>\n</html>\n"


def _figure(picture: Picture) -> str:
    rows = (ROW.format(label=escape(label), value=escape(value)) for label, value in picture.rows)
    return FIGURE.format(
        title=escape(picture.title),
        description=escape(picture.description),
        png=b64encode(picture.png).decode(),
        caption=escape(say("{title}, in numbers", title=picture.title)),
        what=escape(say("What")),
        pieces=escape(say("Pieces")),
        rows="".join(rows),
        note=escape(picture.note),
    )
