"""Search over the campaign's entries, in memory. Why it is done so: docs/decisions/0013-search.md."""

from bot.domain.search.entries import CONFIDENT, LITERAL, Hit, Searchable
from bot.domain.search.fragments import Fragment
from bot.domain.search.index import QUERY_LIMIT, SearchIndex, search
from bot.domain.search.kinship import Kin, Kinship, kinship_in_steps

__all__ = [
    "CONFIDENT",
    "LITERAL",
    "QUERY_LIMIT",
    "Fragment",
    "Hit",
    "Kin",
    "Kinship",
    "SearchIndex",
    "Searchable",
    "kinship_in_steps",
    "search",
]
