"""What every use case needs, handed over as one value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.clock import Clock
from bot.config import Settings
from bot.domain.models import Guild
from bot.domain.shards import EVERYTHING, Share
from bot.services.chosen_languages import ChosenLanguages
from bot.services.forgotten_votes import ForgottenVotes
from bot.services.keys import Keys
from bot.services.known_counts import KnownCounts
from bot.services.pulse import Pulse
from bot.services.rate_limit import SubmissionLimit, WrongReceiptLimit
from bot.services.snapshot import CampaignSnapshots
from bot.services.together import WritesTogether
from db.engine import Database

SUGGESTIONS_PER_DAY = 3


def _nobody_to_wake() -> None:
    """Stands in until the scheduler runs."""


def _nobody_listens(guild_id: int, meeting_key: str, day: date) -> None:
    """Stands in until posts can be changed."""


def _nobody_shows(guild_id: int) -> None:
    """Stands in until Discord's own events can be changed."""


@dataclass(slots=True)
class Context:
    """The running installation, as its use cases see it.

    `wake` tells the scheduler that something new may be due earlier than its alarm; `show_answers`, that the posts about an
    occurrence of a meeting no longer show what is true; `meetings_changed`, that Discord's own events of a guild do not.
    `share` says which guilds this process serves; what concerns all of them is done by the one with the first share.
    """

    database: Database
    clock: Clock
    settings: Settings
    keys: Keys
    limit: SubmissionLimit
    wrong_receipts: WrongReceiptLimit = field(default_factory=WrongReceiptLimit)
    suggestions: SubmissionLimit = field(default_factory=lambda: SubmissionLimit(SUGGESTIONS_PER_DAY))
    forgotten_votes: ForgottenVotes = field(default_factory=ForgottenVotes)
    snapshots: CampaignSnapshots = field(default_factory=CampaignSnapshots)
    guilds: dict[int, Guild] = field(default_factory=dict[int, Guild])
    languages: ChosenLanguages = field(default_factory=ChosenLanguages)
    wake: Callable[[], None] = _nobody_to_wake
    together: WritesTogether = field(default_factory=WritesTogether)
    counts: KnownCounts = field(default_factory=KnownCounts)
    show_answers: Callable[[int, str, date], None] = _nobody_listens
    meetings_changed: Callable[[int], None] = _nobody_shows
    pulse: Pulse = field(default_factory=Pulse)
    share: Share = EVERYTHING

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        return self.clock.now()

    def answers_changed(self, guild_id: int, meeting_key: str, day: date) -> None:
        """Lets everybody see that other people come to an occurrence of a meeting. Call it after the change is committed."""
        self.counts.forget(guild_id)
        self.show_answers(guild_id, meeting_key, day)
