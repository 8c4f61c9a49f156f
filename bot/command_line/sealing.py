"""The commands of sealed mode: `keygen` and `unseal`. They need no configuration, no token and no database."""

from pathlib import Path
from typing import Annotated

import typer


def keygen(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write the secret key to.")],
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Ask for a passphrase, and lock the file with it.")
    ] = False,
) -> None:
    """Make a key that opens sealed feedback. Run it on your own machine, not where the bot runs."""
    from bot.services.key_files import make_key_file  # noqa: PLC0415 - see bot.__main__

    words = None
    if passphrase:
        words = typer.prompt("Passphrase", hide_input=True, confirmation_prompt="The same again")
        typer.echo("This takes a few seconds.", err=True)
    public_key = make_key_file(file, words)
    typer.echo(
        f"The secret key is in {file}. Three things about it:\n"
        "- Keep it off the server. Whoever has it can read the feedback"
        f"{', if they know the passphrase' if passphrase else ''}; if you made it on the server, move it away.\n"
        "- Make a copy now, on a memory stick in a drawer for example.\n"
        "- Nobody can replace it. If every copy is lost, the feedback that was sealed for it is lost as well.\n"
        "\n"
        "The public key may be known to everybody. Below [feedback] in the bot's config.toml, write this line, or "
        "add the key to those that are there, and start the bot again:\n"
        f'recipients = ["{public_key}"]'
    )


def unseal(
    identity: Annotated[
        list[Path],
        typer.Option(
            "--identity", "-i", metavar="FILE", help="A file with a secret key; may be given again."
        ),
    ],
    source: Annotated[
        Path, typer.Argument(metavar="INPUT", help="A sealed export: NAME.age, or a CSV, JSON or ZIP file.")
    ],
    target: Annotated[
        Path | None,
        typer.Argument(metavar="[OUTPUT]", help="The readable copy.", show_default="beside the sealed file"),
    ] = None,
) -> None:
    """Open a sealed export with your secret key, on your own machine. What it says is written to a file, not shown."""
    from bot.services import unsealing  # noqa: PLC0415
    from bot.services.key_files import read_key_file  # noqa: PLC0415

    def ask() -> str:
        return typer.prompt("Passphrase", hide_input=True)

    identities = [key for path in identity for key in read_key_file(path, ask)]
    target = target or unsealing.readable_name(source)
    tally = unsealing.unseal(identities, source, target)
    typer.echo(f"The readable copy is {target}. Only you can open it; delete it when you are done with it.")
    if tally.opened:
        typer.echo(f"Texts opened: {tally.opened:,}.")
    else:
        typer.echo(
            "Where a text in it says [sealed], export it again as CSV or JSON: only those can be opened."
        )
    if tally.left:
        typer.echo(
            f"Texts left sealed: {tally.left:,}. They were sealed for other keys; somebody else may hold one.",
            err=True,
        )
