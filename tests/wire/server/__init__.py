"""A loopback stand-in for Discord over real sockets, for bots that run in processes of their own."""

from tests.wire.server.answers import Answer, NoAnswerError, RefusedByClientError
from tests.wire.server.basics import BOT_PERMISSIONS, MEMBER_PERMISSIONS, Permission
from tests.wire.server.faults import (
    Fault,
    commit_then_drop,
    commit_then_hang,
    commit_then_status,
    delay,
    status_before_commit,
)
from tests.wire.server.members import Member
from tests.wire.server.messages import Attachment, Message, Upload, User
from tests.wire.server.places import Channel, Guild, Role
from tests.wire.server.state import DEFAULT_TOKEN
from tests.wire.server.wire_discord import WireDiscord

__all__ = [
    "BOT_PERMISSIONS",
    "DEFAULT_TOKEN",
    "MEMBER_PERMISSIONS",
    "Answer",
    "Attachment",
    "Channel",
    "Fault",
    "Guild",
    "Member",
    "Message",
    "NoAnswerError",
    "Permission",
    "RefusedByClientError",
    "Role",
    "Upload",
    "User",
    "WireDiscord",
    "commit_then_drop",
    "commit_then_hang",
    "commit_then_status",
    "delay",
    "status_before_commit",
]
