"""`docs/campaigns.md`, the skeleton and the shipped campaigns say and use what the format allows, field by field."""

import re
import tomllib
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from pydantic.types import StringConstraints

from bot.domain.problems import BadInput
from seeds.format import HeadSeed, LinkSeed, PictureSeed, PointSeed, SourceSeed
from seeds.reader import ENTRY_FILES, SHIPPED, read_campaign, shipped_names
from seeds.reasons import EXAMPLES
from seeds.skeleton import SKELETON, write_skeleton
from tests.meta.project import read, section, table_rows

HEADINGS: dict[str, type[BaseModel]] = {
    "### campaign.toml": HeadSeed,
    "### campaign.toml, each `[[sources]]`": SourceSeed,
    **{f"### {file}, each `[[{field}]]`": model for file, (field, model) in ENTRY_FILES.items()},
    "### motions.toml, each `[[motions.points]]`": PointSeed,
    "### actions.toml, each `[[actions.links]]`": LinkSeed,
    "### actions.toml, `[actions.picture]`": PictureSeed,
}
DOCUMENT = read("docs/campaigns.md")


def limits(annotation: Any, metadata: list[Any]) -> set[int]:
    """Every greatest length and number that a field has, also of what it is made of."""
    found = {getattr(one, name) for one in metadata for name in ("max_length", "le") if hasattr(one, name)}
    for part in get_args(annotation):
        found |= limits(part, [part] if isinstance(part, StringConstraints) else [])
    return found - {None}


@pytest.mark.parametrize(("heading", "model"), HEADINGS.items(), ids=HEADINGS)
def test_the_document_says_of_each_field_whether_it_is_needed_and_its_limit(heading, model):
    rows = table_rows(section(DOCUMENT, heading))
    assert [(name.strip("`"), needed) for name, needed, _ in rows] == [
        (name, "yes" if field.is_required() else "no") for name, field in model.model_fields.items()
    ]
    for (_, _, holds), field in zip(rows, model.model_fields.values(), strict=True):
        for limit in limits(field.annotation, field.metadata):
            assert f"{limit:,}" in holds, f"{heading}: {holds} lacks {limit:,}"


def test_the_document_lists_the_shipped_campaigns():
    rows = table_rows(DOCUMENT.partition("\n## ")[0])
    assert {name.strip("`") for name, _ in rows} == set(shipped_names())
    for name, text in rows:
        assert read_campaign(name.strip("`")).title in text


def test_there_is_an_example_for_every_field_that_must_be_there():
    needed = {
        name
        for model in HEADINGS.values()
        for name, field in model.model_fields.items()
        if field.is_required()
    }
    assert needed == EXAMPLES.keys()


def test_the_skeleton_is_right_and_shows_every_field(tmp_path):
    made = write_skeleton(tmp_path / "ours")
    assert read_campaign(tmp_path / "ours").name == "our_campaign"
    assert {path.name for path in made} == {"campaign.toml", *ENTRY_FILES}
    for path in made:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# ")
        models = [model for heading, model in HEADINGS.items() if heading.split()[1].strip(",") == path.name]
        for name in {name for model in models for name in model.model_fields} - {
            "sources",
            "points",
            "links",
        }:
            assert re.search(rf"^(# )?(\[actions\.)?{name}( = |\])", text, re.MULTILINE), (
                f"{path.name}: {name}"
            )
    with pytest.raises(BadInput, match="nothing was made"):
        write_skeleton(tmp_path / "ours")
    assert SKELETON.name not in shipped_names()


def test_the_second_campaign_has_something_of_every_kind_and_says_that_it_is_invented():
    campaign = read_campaign("library_hours")
    kinds = (
        campaign.demands,
        campaign.aims,
        campaign.motions,
        campaign.actions,
        campaign.meetings,
        campaign.terms,
    )
    assert all(kinds)
    assert len(campaign.demands) >= 4
    for source in campaign.sources:
        assert "invented" in (source.note or "").casefold() or "example" in (source.note or "")
    links = [link.url for action in campaign.actions for link in action.links]
    assert links
    assert all(link.startswith("https://example.org/") for link in links)
    for path in (SHIPPED / "library_hours").glob("*.toml"):
        assert "probation" not in path.read_text().casefold()
        assert tomllib.loads(path.read_text())
