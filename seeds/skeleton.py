"""Starts a campaign of one's own: a folder of commented files to fill in, which is right from the start."""

from pathlib import Path

from bot.domain.problems import BadInput
from seeds.reader import SHIPPED

SKELETON = SHIPPED / "_skeleton"


def write_skeleton(folder: Path) -> tuple[Path, ...]:
    """Makes a folder with the files of a campaign, each with an invented entry and what its fields are for.

    Returns:
        The files that were made.

    Raises:
        BadInput: there is something in the folder already; nothing is overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(
            f"{folder} is there already and not an empty folder, so nothing was made.",
            next_step="Name a new folder.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for template in sorted(SKELETON.glob("*.toml")):
        path = folder / template.name
        path.write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        made.append(path)
    return tuple(made)
