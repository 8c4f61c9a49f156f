"""What all pictures of numbers share: their size, their ink and letters, and how they become a file.

The library that draws is large and is imported when the first picture is drawn.
"""

import io
from collections.abc import Sequence
from typing import Any

INK, TEXT_POINTS = "#1a1a1a", 11.5
TICK_POINTS = TEXT_POINTS - 1.5
DESCRIPTION_LIMIT = 1_024
"""Discord takes no longer description of an attachment."""

_WIDE_INCHES, _DOTS_PER_INCH, _TITLE_POINTS = 4.8, 200, 13


def canvas(heading: Sequence[str], tall: float) -> tuple[Any, Any]:
    """A figure and its axes; the library describes most of what they can do as unknown."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(_WIDE_INCHES, tall), dpi=_DOTS_PER_INCH, facecolor="white", layout="constrained")
    axes: Any = figure.add_subplot()
    axes.set_title(
        "\n".join(heading), fontsize=_TITLE_POINTS, color=INK, loc="left", weight="bold", parse_math=False
    )
    return figure, axes


def write(
    axes: Any,
    across: float,
    down: float,
    words: str,
    *,
    vertical: str,
    horizontal: str = "left",
    weight: str = "normal",
    turn: int = 0,
    backed: bool = False,
) -> None:
    """Writes words into a picture, at a place in its numbers."""
    styles: dict[str, Any] = {"va": vertical, "ha": horizontal, "weight": weight, "rotation": turn}
    if backed:  # so that a line behind it does not run through its letters
        styles["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    axes.text(across, down, words, fontsize=TEXT_POINTS, color=INK, parse_math=False, **styles)


def frame(axes: Any, *, numbers: int) -> None:
    """Lines below and at the side, and about so many whole numbers beside the latter."""
    axes.tick_params(labelsize=TICK_POINTS, colors=INK)
    axes.locator_params(axis="y", integer=True, nbins=numbers)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def png(figure: Any) -> bytes:
    """The picture as a file; nothing in it says by what it was made."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415

    FigureCanvasAgg(figure)
    held = io.BytesIO()
    figure.savefig(held, format="png", metadata={"Software": None})
    return held.getvalue()


def drawable(text: str) -> str:
    """The text on one line, with a box for what the font cannot draw."""
    font = _font()
    return "".join(one if font.get_char_index(ord(one)) else "□" for one in " ".join(text.split()))


def _font() -> Any:
    from matplotlib import font_manager  # noqa: PLC0415

    fonts: Any = font_manager
    return fonts.get_font(fonts.findfont("DejaVu Sans"))
