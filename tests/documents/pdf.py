"""A small writer of PDF files: Helvetica with ligatures, lines where they are told to stand, streams deflated."""

import zlib
from dataclasses import dataclass, field

A4 = (595, 842)

_LIGATURES = {"ﬁ": 0x01, "ﬂ": 0x02}
_ENCODING = b"<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 /fi /fl] >>"


@dataclass(slots=True)
class Page:
    """What stands on a page, each line at its place."""

    content: list[bytes] = field(default_factory=list)

    def line(self, left: float, height: float, text: str, size: int = 10, *, bold: bool = False) -> None:
        font = b"/Bold" if bold else b"/Plain"
        self.content.append(
            b"BT %s %d Tf 1 0 0 1 %.1f %.1f Tm %s Tj ET" % (font, size, left, height, _string(text))
        )


def write(pages: list[Page], links: list[tuple[float, float, float, float, str]] | None = None) -> bytes:
    """The file of these pages; the links are areas of the first one, with their addresses."""
    areas = b" ".join(
        b"<< /Type /Annot /Subtype /Link /Rect [%.1f %.1f %.1f %.1f] /A << /S /URI /URI (%s) >> >>"
        % (*corners, address.encode())
        for *corners, address in links or []
    )
    kids = b" ".join(b"%d 0 R" % (6 + 2 * place) for place in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        _ENCODING,
        _font(b"Helvetica"),
        _font(b"Helvetica-Bold"),
    ]
    for place, page in enumerate(pages):
        stream = zlib.compress(b"\n".join(page.content))
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R /Annots [%s] "
            b"/Resources << /Font << /Plain 4 0 R /Bold 5 0 R >> >> >>"
            % (*A4, 7 + 2 * place, b"" if place else areas),
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    return assemble(objects)


def assemble(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """The file of these objects, of which the first is the catalogue."""
    data = b"%PDF-1.5\n"
    starts = []
    for number, body in enumerate(objects, start=1):
        starts.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count = len(objects) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, trailer, len(data))
    )


def _font(name: bytes) -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding 3 0 R >>" % name


def _string(text: str) -> bytes:
    coded = bytearray()
    for character in text:
        coded += (
            bytes([_LIGATURES[character]]) if character in _LIGATURES else character.encode("windows-1252")
        )
    return b"<" + coded.hex().encode() + b">"
