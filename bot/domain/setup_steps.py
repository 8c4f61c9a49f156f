"""The steps in which a server is set up, in their order."""

from enum import StrEnum


class SetupStep(StrEnum):
    """One step; the value is how buttons name it."""

    ZONE = "zone"
    ROLES = "roles"
    CHANNELS = "channels"
    CAMPAIGN = "campaign"
    QUIET = "quiet"
    PRIVACY = "privacy"
    POST = "post"
    CHECK = "check"

    @property
    def number(self) -> int:
        """Where it stands, from 1."""
        return SETUP_STEPS.index(self) + 1

    @property
    def following(self) -> "SetupStep | None":
        """The step after it; `None` after the last."""
        return SETUP_STEPS[self.number] if self.number < len(SETUP_STEPS) else None

    @property
    def previous(self) -> "SetupStep | None":
        """The step before it; `None` before the first."""
        return SETUP_STEPS[self.number - 2] if self.number > 1 else None


SETUP_STEPS = tuple(SetupStep)


def known_step(name: str) -> SetupStep | None:
    """The step of that name; `None` where there is none, as when an older version named it."""
    return SetupStep(name) if name in set(SETUP_STEPS) else None
