"""A page for people: where events go and what each problem code means; no script, no style."""

from collections.abc import Sequence
from html import escape

from connectors.http_api.codes import STATUS, title
from schemas.problems import TITLES, ProblemCode

HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Kurze Wege: HTTP door</title>
<h1>HTTP door of Kurze Wege</h1>
<p>Events are sent by <code>POST /events</code> as CloudEvents 1.0 in JSON.
Everything a program needs to know stands in <a href="/openapi.json">openapi.json</a>.</p>
<h2>Problems found at the door</h2>
<p>An answer other than 202 carries problem details (RFC 9457) with these codes.</p>
"""
LATER = """<h2>Problems found later</h2>
<p>These come after 202, as <code>receipt.refused</code> on your party's topic.</p>
"""


def page() -> str:
    """The whole page as HTML."""
    here = [(code, f"{title(code)} ({status})") for code, status in STATUS.items()]
    later = [(code, TITLES[code]) for code in ProblemCode if code not in STATUS]
    return f"{HEAD}{_table(here)}{LATER}{_table(later)}</html>\n"


def _table(rows: Sequence[tuple[str, str]]) -> str:
    cells = "\n".join(
        f'<tr id="{code}"><th scope="row"><code>{code}</code></th><td>{escape(what)}</td></tr>'
        for code, what in rows
    )
    return f"<table>\n{cells}\n</table>\n"
