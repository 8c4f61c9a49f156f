"""The settings of backups."""

from pydantic import Field

from bot.config.sections import OptionalPath, PublicKeys, Section, WholeNumber


class BackupSettings(Section):
    """How often the bot makes a backup, where, and for how long it keeps it."""

    directory: OptionalPath = Field(
        default=None, description="the path of a folder", examples=['"./backups"']
    )
    every_hours: WholeNumber = Field(
        default=24, ge=0, le=168, description="a whole number from 0 to 168", examples=["24"]
    )
    keep_days: WholeNumber = Field(
        default=7, ge=1, le=60, description="a whole number from 1 to 60", examples=["7"]
    )
    keep_weeks: WholeNumber = Field(
        default=4, ge=0, le=52, description="a whole number from 0 to 52", examples=["4"]
    )
    keep_erased: bool = Field(default=False, description="true or false", examples=["false"])
    recipients: PublicKeys = Field(
        default=(),
        description="a list of public keys that begin with age1, each in quotes",
        examples=['["age1…"]'],
    )
