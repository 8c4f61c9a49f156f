"""One secret for one installation: processes with different ones would not know each other's receipts."""

from bot.domain.problems import Problem
from bot.services.context import Context
from db.guilds import read_fact, write_fact

FINGERPRINT = "secret_fingerprint"


async def check_secret(context: Context, *, alone: bool) -> None:
    """Refuses a process whose secret is not that of the others; where there are no others, its secret counts.

    Raises:
        Problem: the secrets differ.
    """
    own = context.keys.fingerprint()
    async with context.database.write() as connection:
        known = await read_fact(connection, FINGERPRINT)
        if known == own:
            return
        if known is None or alone:
            await write_fact(connection, FINGERPRINT, own)
            return
    raise Problem(
        "This process has another secret than the others of its installation.",
        next_step="Copy secret.key from the data directory of one that serves into this one's, then start again.",
    )
