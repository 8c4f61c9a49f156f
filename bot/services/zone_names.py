"""The names that people have for time zones, as they type them."""

UTC, LONDON = "UTC", "Europe/London"
AREAS = frozenset(
    {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
# First come the zones that members of a British union are likely to be in.
NEAREST = (
    LONDON,
    "Europe/Belfast",
    "Europe/Dublin",
    "Europe/Isle_of_Man",
    "Europe/Jersey",
    "Europe/Guernsey",
)
OTHER_NAMES = {
    LONDON: (
        "UK",
        "Llundain",
        "UK time",
        "United Kingdom",
        "Britain",
        "British time",
        "Great Britain",
        "GB",
        "GMT",
        "BST",
        "England",
        "Scotland",
        "Wales",
        "Cymru",
        "Edinburgh",
        "Glasgow",
        "Cardiff",
        "Caerdydd",
        "Manchester",
        "Birmingham",
        "Leeds",
        "Liverpool",
        "Newcastle",
        "Bristol",
        "Swansea",
        "Abertawe",
        "Aberdeen",
    ),
    "Europe/Belfast": ("Northern Ireland", "Derry"),
    "Europe/Dublin": ("Ireland", "Republic of Ireland", "Cork", "Galway"),
    "Europe/Paris": ("France",),
    "Europe/Madrid": ("Spain",),
    UTC: ("Universal time", "Zulu"),
}
