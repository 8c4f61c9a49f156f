"""Whether two processes have answered one member: which process sent a request, by the port it came from."""

from collections.abc import Iterable

import psutil

from tests.wire.server import WireDiscord
from tests.wire.server.state import RequestRecord

ALREADY_ACKNOWLEDGED = 40060


class Doubles:
    """Looks at every second answer to an interaction while the processes still hold their connections.

    A process may send two by itself: where an answer takes long, it asks for more time, and the two may cross. Discord
    takes the first, and the process puts its answer there.
    """

    def __init__(self, server: WireDiscord) -> None:
        self._server = server
        self._looked_until = 0.0
        self.crossed, self.doubled = 0, 0

    def look(self, pids: Iterable[int]) -> None:
        """Judges the second answers since the last look.

        Args:
            pids: the processes that there are.
        """
        requests = self._server.requests
        owners = _owners(pids)
        for each in requests:
            if each.at > self._looked_until and each.code == ALREADY_ACKNOWLEDGED:
                if _sent_by_one(each, requests, owners):
                    self.crossed += 1
                else:
                    self.doubled += 1
        self._looked_until = max((each.at for each in requests), default=0.0)


def _sent_by_one(second: RequestRecord, requests: list[RequestRecord], owners: dict[int, int]) -> bool:
    senders = {owners.get(each.port) for each in requests if each.path == second.path}
    return len(senders) == 1 and None not in senders


def _owners(pids: Iterable[int]) -> dict[int, int]:
    """The process of each port."""
    owners: dict[int, int] = {}
    for pid in pids:
        try:
            connections = psutil.Process(pid).net_connections("tcp")
        except psutil.NoSuchProcess:
            continue
        owners |= {one.laddr.port: pid for one in connections if one.laddr}
    return owners
