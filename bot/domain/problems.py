"""What can go wrong that a person should hear about, in words that help.

A `Problem` is the only kind of exception whose text reaches a user. Everything else is a defect, which the error handler
answers in general words (see `bot.errors`).
"""


class Problem(Exception):
    """Something that a person asked for cannot be done as asked.

    Args:
        what: what happened, one plain sentence.
        next_step: what the person can do now.
        kept: what was saved in spite of it, if anything needs saying.
    """

    def __init__(self, what: str, *, next_step: str, kept: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step
        self.kept = kept


class NotFound(Problem):
    """Nothing in this guild answers to what was asked for."""


class NotAllowed(Problem):
    """The person's role does not allow it."""


class BadInput(Problem):
    """What was typed cannot be used as it is."""


class TooMany(Problem):
    """A limit is reached; trying later, or less at once, helps."""
