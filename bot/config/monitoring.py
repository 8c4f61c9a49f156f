"""The section of the settings on monitoring; see `bot.config.sections` for what they have in common."""

from pydantic import Field

from bot.config.sections import OptionalNumber, Section


class MonitoringSettings(Section):
    """Where a monitoring system can ask how the bot is."""

    port: OptionalNumber = Field(
        default=None, ge=1, lt=2**16, description="a whole number from 1 to 65535", examples=["8096"]
    )
    address: str = Field(
        default="127.0.0.1",
        pattern=r"^[0-9a-fA-F:.]+$|^localhost$",
        description="an address of this machine",
        examples=['"127.0.0.1"'],
    )

    @property
    def endpoint(self) -> tuple[str, int] | None:
        """Host and port on which to listen; `None` if nobody monitors the bot."""
        return None if self.port is None else (self.address, self.port)
