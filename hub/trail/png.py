"""A chart as PNG, drawn by resvg from its SVG."""

from hub.errors import MissingPart
from hub.trail.svg_page import FONT

ZOOM = 2
PROBE = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'>{}</svg>"
LETTER = f"<text x='2' y='16' {FONT} font-size='16'>M</text>"


def png(svg: str) -> bytes:
    """The picture, twice as large; raises MissingPart without resvg or without any font."""
    try:
        from resvg_py import svg_to_bytes  # noqa: PLC0415 - an optional part
    except ImportError as error:
        remedy = "Install the extra: pip install 'kurze-wege[charts]'. SVG needs nothing."
        raise MissingPart("PNG charts need resvg-py.", remedy=remedy) from error
    if svg_to_bytes(PROBE.format(LETTER)) == svg_to_bytes(PROBE.format("")):
        remedy = "Install one: apt-get install fonts-dejavu-core. SVG needs nothing."
        raise MissingPart("PNG charts need a font.", remedy=remedy)
    return bytes(svg_to_bytes(svg, zoom=ZOOM))
