"""Files that are built to harm, or that nobody can read; made when a test asks for them, and never stored."""

import io
import zipfile
import zlib
from collections.abc import Callable

from tests.documents.pdf import assemble

_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="rId1" Target="word/document.xml" Type='
    b'"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
UNPACKED = 60_000_000

_BEGIN, _END = b"<w:document " + _W + b"><w:body>", b"</w:body></w:document>"


def word(document: bytes, **more: bytes) -> bytes:
    """A Word document of little but its main part."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS)
        package.writestr("word/document.xml", document)
        for name, part in more.items():
            package.writestr(name, part)
    return file.getvalue()


def bomb() -> bytes:
    """60 kB which unpack to 60 MB."""
    return word(_BEGIN + b"<w:p/>" * 100 + _END, **{"word/media/image1.bin": bytes(UNPACKED)})


def lying_bomb() -> bytes:
    """A bomb whose directory says that it unpacks to a hundred bytes."""
    data = bomb()
    size = UNPACKED.to_bytes(4, "little")
    return data.replace(size, (100).to_bytes(4, "little"))


def bomb_of_words() -> bytes:
    """A main part just small enough to be parsed, of as many elements as fit."""
    return word(_BEGIN + b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 350_000 + _END)


def many_parts() -> bytes:
    """More parts than any document has."""
    return word(_BEGIN + _END, **{f"word/part{number}.xml": b"<a/>" for number in range(5_000)})


def laughs() -> bytes:
    """Entities that name each other, ten to the power of nine of them."""
    entities = b'<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (depth, b"&a%d;" % (depth - 1) * 10) for depth in range(1, 10)
    )
    paragraph = b"<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>"
    return word(b"<?xml version='1.0'?><!DOCTYPE w:document [" + entities + b"]>" + _BEGIN + paragraph + _END)


def laughs_in_utf_16() -> bytes:
    """The same where a look for the declaration's bytes does not find it."""
    text = zipfile.ZipFile(io.BytesIO(laughs())).read("word/document.xml").decode()
    return word(text.replace("version='1.0'", "version='1.0' encoding='UTF-16'").encode("utf-16"))


def nested_tables() -> bytes:
    """Tables in tables in tables."""
    depth = 3_000
    begin, end = b"<w:tbl><w:tr><w:tc>", b"</w:tc></w:tr></w:tbl>"
    return word(_BEGIN + begin * depth + b"<w:p/>" + end * depth + _END)


def _pdf(contents: bytes, *more: bytes, page: bytes = b"") -> bytes:
    return assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> " + page + b" >>",
            contents,
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            *more,
        ]
    )


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def scanned() -> bytes:
    """A page that is one picture."""
    picture = _stream(
        bytes(10_000), b"/Type /XObject /Subtype /Image /Width 100 /Height 100 /ColorSpace /DeviceGray"
    )
    return _pdf(_stream(b"q 595 0 0 842 0 0 cm /X Do Q"), picture)


def protected(version: int = 2) -> bytes:
    """A PDF that opens with a password only."""
    keys = {
        2: b"/V 2 /R 3 /Length 128 /O <%s> /U <%s>" % (b"ab" * 32, b"cd" * 32),
        5: b"/V 5 /R 6 /Length 256 /O <%s> /U <%s> /OE <%s> /UE <%s> /Perms <%s> /StmF /StdCF /StrF /StdCF "
        b"/CF << /StdCF << /CFM /AESV3 /AuthEvent /DocOpen /Length 32 >> >>"
        % (b"ab" * 48, b"cd" * 48, b"12" * 32, b"34" * 32, b"56" * 16),
    }[version]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Filter /Standard /P -4 %s >>" % keys,
    ]
    return assemble(objects, b"/Encrypt 3 0 R /ID [<%s> <%s>]" % (b"00" * 16, b"00" * 16))


def bomb_of_streams() -> bytes:
    """Two gigabytes of zeros, deflated twice. The first time block by block, since all of them are the same."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    size, blocks = 10_000_000, 200
    block = packer.compress(bytes(size)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = (size * blocks % 65521) << 16 | 1
    once = b"\x78\xda" + block * blocks + packer.flush() + checksum.to_bytes(4, "big")
    return _pdf(_stream(zlib.compress(once), b"/Filter [/FlateDecode /FlateDecode]"))


def endless_work() -> bytes:
    """Millions of letters on one page, each on a place of its own."""
    letters = b"".join(b"1 0 0 1 %d %d Tm (a) Tj " % (place % 590, place % 840) for place in range(200_000))
    return _pdf(_stream(zlib.compress(b"BT /F 9 Tf " + letters + b"ET"), b"/Filter /FlateDecode"))


def page_tree_that_bites_its_tail() -> bytes:
    """Pages whose children are themselves."""
    return assemble(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"]
    )


def form_that_draws_itself() -> bytes:
    """A drawing which contains itself, twice."""
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    return _pdf(_stream(b"/X Do"), _stream(b"/X Do /X Do", entries))


def deep_brackets() -> bytes:
    """A hundred thousand lists within each other."""
    return _pdf(_stream(b"BT (x) Tj ET"), b"[" * 100_000 + b"]" * 100_000, page=b"/Annots 6 0 R")


def table_that_leads_to_itself() -> bytes:
    """A cross-reference table whose predecessor is itself."""
    data = _pdf(_stream(b""))
    start = data.rindex(b"xref\n0")
    return data.replace(b"/Root", b"/Prev %d /Root" % start)


ATTACKS: dict[str, Callable[[], bytes]] = {
    "notice.docx": bomb,
    "lies.docx": lying_bomb,
    "words.docx": bomb_of_words,
    "parts.docx": many_parts,
    "laughs.docx": laughs,
    "laughs-16.docx": laughs_in_utf_16,
    "tables.docx": nested_tables,
    "streams.pdf": bomb_of_streams,
    "letters.pdf": endless_work,
    "tree.pdf": page_tree_that_bites_its_tail,
    "form.pdf": form_that_draws_itself,
    "brackets.pdf": deep_brackets,
    "xref.pdf": table_that_leads_to_itself,
    "scan.pdf": scanned,
    "password.pdf": protected,
    "password-aes.pdf": lambda: protected(5),
}
