"""Rate limits: the headers that keep discord.py from queueing needlessly, and real 429s for those who want them."""

import hashlib
import re
import time
from dataclasses import dataclass

from tests.wire.server.basics import Json

# A generous limit for routes that nobody restricted: discord.py holds a route without headers to one request at a time.
_ROOMY = 1000
_INTERACTION_PATHS = ("/interactions/", "/webhooks/")


@dataclass(eq=False)
class Window:
    """So many requests per so many seconds, counted from the first request on, as Discord does."""

    limit: int
    seconds: float
    used: int = 0
    opened_at: float = float("-inf")

    @property
    def remaining(self) -> int:
        """How many requests the open window still takes."""
        return max(0, self.limit - self.used)

    @property
    def reset_after(self) -> float:
        """Seconds until the open window ends."""
        return max(0.0, self.opened_at + self.seconds - time.monotonic())

    def take(self) -> bool:
        """Count one request; False means that it is one too many."""
        now = time.monotonic()
        if now >= self.opened_at + self.seconds:
            self.opened_at, self.used = now, 0
        if self.used >= self.limit:
            return False
        self.used += 1
        return True


@dataclass(frozen=True)
class Rejection:
    """A 429 in the making."""

    retry_after: float
    is_global: bool

    def body(self) -> Json:
        """Return the JSON that Discord sends along."""
        return {
            "message": "You are being rate limited.",
            "retry_after": self.retry_after,
            "global": self.is_global,
        }

    def headers(self) -> dict[str, str]:
        """Return the headers; without ``Via`` discord.py takes a 429 for a ban and gives up."""
        headers = {"Via": "1.1 google", "Retry-After": str(int(self.retry_after) + 1)}
        scope = "global" if self.is_global else "user"
        return (
            headers
            | {"X-RateLimit-Scope": scope}
            | ({"X-RateLimit-Global": "true"} if self.is_global else {})
        )


class RateLimits:
    """Decides which requests get through; by default all of them."""

    def __init__(self) -> None:
        self._global: Window | None = None
        self._rules: list[tuple[str, re.Pattern[str], int, float]] = []
        self._windows: dict[tuple[int, str], Window] = {}
        self.rejected: list[str] = []

    def enforce_global(self, limit: int = 50, seconds: float = 1.0) -> None:
        """Answer 429 beyond Discord's global limit; interactions and their webhooks are exempt."""
        self._global = Window(limit, seconds)

    def enforce_route(self, method: str, path_regex: str, limit: int, seconds: float) -> None:
        """Answer 429 beyond a limit on each path that matches."""
        self._rules.append((method, re.compile(path_regex), limit, seconds))

    def lift(self) -> None:
        """Let everything through again."""
        self._global = None
        self._rules.clear()
        self._windows.clear()

    def admit(self, method: str, path: str) -> Rejection | None:
        """Count a request, and say why it is refused if it is."""
        window = self._window(method, path)
        if window is not None and not window.take():
            self.rejected.append(f"{method} {path}")
            return Rejection(window.reset_after, is_global=False)
        if self._global is not None and not path.startswith(_INTERACTION_PATHS) and not self._global.take():
            self.rejected.append(f"{method} {path}")
            return Rejection(self._global.reset_after, is_global=True)
        return None

    def headers(self, method: str, path: str, route: str) -> dict[str, str]:
        """Return the X-RateLimit headers of an answer; ``route`` is the path's pattern."""
        window = self._window(method, path)
        limit, remaining, reset_after = (
            (_ROOMY, _ROOMY - 1, 1.0)
            if window is None
            else (window.limit, window.remaining, window.reset_after)
        )
        return {
            "X-RateLimit-Bucket": hashlib.blake2s(f"{method} {route}".encode(), digest_size=8).hexdigest(),
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": f"{time.time() + reset_after:.3f}",
            "X-RateLimit-Reset-After": f"{reset_after:.3f}",
        }

    def _window(self, method: str, path: str) -> Window | None:
        for number, (rule_method, pattern, limit, seconds) in enumerate(self._rules):
            if rule_method == method and pattern.fullmatch(path):
                return self._windows.setdefault((number, path), Window(limit, seconds))
        return None
