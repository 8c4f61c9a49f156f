"""Numbers from repeated measurements, and the one table that shows them."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

TIMES = "x"


@dataclass(frozen=True)
class Sample:
    """Repeated measurements of one thing, in one unit."""

    values: tuple[float, ...]
    unit: str
    digits: int = 2

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    def __str__(self) -> str:
        low, high = (f"{value:.{self.digits}f}" for value in (min(self.values), max(self.values)))
        return f"{self.median:.{self.digits}f} {self.unit} ({low} to {high})"


@dataclass(frozen=True)
class Target:
    """A bound, upper unless said otherwise, on the ratio to the bare bot or on the product's own value."""

    limit: float
    unit: str = TIMES

    at_least: bool = False

    def met(self, ratio: float, product: float) -> bool:
        """Say whether a measurement keeps within the bound."""
        value = ratio if self.unit == TIMES else product
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g} {self.unit}"


@dataclass(frozen=True)
class Row:
    """One line of the table: the same thing measured on the bare bot and on the product, in alternation.

    What a bare bot does not do has no `bare`, and no ratio.
    """

    what: str
    bare: Sample | None
    product: Sample
    target: Target | None = None

    @property
    def ratio(self) -> Sample | None:
        """The product over the bare bot, turn by turn: neighbours in time share the machine's mood."""
        if self.bare is None or not all(self.bare.values):
            return None
        pairs = zip(self.product.values, self.bare.values, strict=True)
        return Sample(tuple(product / bare for product, bare in pairs), TIMES)

    @property
    def judged(self) -> Sample:
        """What the target is about: the ratio, or the product's own value."""
        return self.ratio if self.ratio and self.target and self.target.unit == TIMES else self.product

    @property
    def verdict(self) -> str:
        """Whether the target is met, in a word."""
        if self.target is None:
            return "no target"
        ratio = self.ratio.median if self.ratio else 0.0
        return "met" if self.target.met(ratio, self.product.median) else "MISSED"


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile of at least two values."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def print_table(rows: Sequence[Row], notes: Sequence[str]) -> None:
    """Print the rows as one table, and the notes under it."""
    table = Table(title="Median (lowest to highest) of alternating runs")
    for heading in ("what", "bare bot", "product", "ratio", "target", "verdict"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for row in rows:
        target = "" if row.target is None else str(row.target)
        table.add_row(
            row.what, str(row.bare or ""), str(row.product), str(row.ratio or ""), target, row.verdict
        )
    # Wide enough for the table when the output goes to a file, where rich would assume 80 columns.
    console = Console(width=None if Console().is_terminal else 160)
    console.print(table)
    for note in notes:
        console.print(f"- {note}", markup=False, highlight=False)
