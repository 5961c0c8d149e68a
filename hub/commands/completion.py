"""hub completion: lets a shell complete commands, options and names."""

from enum import StrEnum
from typing import Annotated

import typer

from hub.commands.printing import print_text

PROGRAM = "hub"
VARIABLE = "_HUB_COMPLETE"
"""By this variable the shell's script asks the command itself."""


class Shell(StrEnum):
    """The shells that can be helped."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(
    shell: Annotated[Shell, typer.Argument(help="The shell that is to complete.")],
) -> None:
    """Print what a shell must read to complete commands, options, parties, topics and more.

    bash: add it to ~/.bashrc. zsh: write it to a file _hub in a folder of $fpath. fish: write it to
    ~/.config/fish/completions/hub.fish.
    """
    from typer._completion_shared import get_completion_script  # private; typer is pinned for it

    script = get_completion_script(prog_name=PROGRAM, complete_var=VARIABLE, shell=shell.value)
    print_text(script)


def listen() -> None:
    """Make the command answer when a shell's script asks it; costs nothing otherwise."""
    from typer._completion_classes import completion_init

    completion_init()
