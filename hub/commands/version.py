"""hub version: what runs here."""

import platform
from importlib.metadata import version as installed

from hub.commands.printing import As, Output, print_json, print_text

SHOWN = ("faust-streaming", "mode-streaming", "aiokafka", "kafka-python", "pydantic", "sqlalchemy")


def version(output: As = Output.TABLE) -> None:
    """Print the version of the hub; with -o json also those of Python and the main libraries."""
    hub = installed("kurze-wege")
    if output is Output.JSON:
        parts = {name: installed(name) for name in SHOWN}
        print_json({"hub": hub, "python": platform.python_version(), **parts})
    else:
        print_text(f"Kurze Wege {hub}")
