"""The configuration: one validated, frozen settings object, or every problem at once."""

from bot.config.settings import Settings, load_settings, sections
from bot.config.sources import ConfigurationError, ConfigurationProblem

__all__ = ["ConfigurationError", "ConfigurationProblem", "Settings", "load_settings", "sections"]
