"""Moves out of an XML document, piece by piece; whatever is hostile ends it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers.expat import XMLParserType

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from connectors.file_drop.reading import MAX_LINE_BYTES, FileRefused

ROOT: Final = "umzuege"
MAX_DEPTH: Final = 8
PIECE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Move:
    """One child of the root."""

    number: int
    """Counted from 1."""
    line: int
    """Where it begins."""
    size: int
    """How many bytes it takes up."""
    element: Element


def moves(stream: BinaryIO) -> Iterator[Move | None]:
    """Every child of the root; None after each piece of the file; raises FileRefused.

    Refused are a DTD, entities, external references, another root, more depth than the format
    has, and more than 1 MiB without the end of a move: no more than that is ever held.
    """
    stream.seek(0)
    target = _Collector()
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    target.place = parser.parser
    unfinished = 0
    while piece := stream.read(PIECE):
        _guarded(partial(parser.feed, piece), target)
        unfinished = 0 if target.moves else unfinished + len(piece)
        yield from target.moves
        target.moves.clear()
        if unfinished > MAX_LINE_BYTES:
            raise FileRefused(
                "There is more than 1 MiB without the end of a move.",
                target.place.CurrentLineNumber,
            )
        yield None
    _guarded(parser.close, target)


def _guarded(step: Callable[[], object], target: "_Collector") -> None:
    try:
        step()
    except DefusedXmlException:
        detail = "The document declares a DTD or entities; that is refused."
        raise target.refusal(detail) from None
    except ParseError as error:
        raise FileRefused("The XML is not well-formed here.", error.position[0]) from None
    except (LookupError, ValueError):
        raise FileRefused("The declared encoding is not known; save the file as UTF-8.") from None


class _Collector:
    """What the parser calls; keeps the moves that have ended, nothing else."""

    def __init__(self) -> None:
        self.moves: list[Move] = []
        self.place: XMLParserType
        self._count = 0
        self._depth = 0
        self._begin = (1, 0)
        self._builder = TreeBuilder()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        if self._depth == 1 and (tag != ROOT or attributes.keys() - {"version"}):
            raise self.refusal(f"The root element must be <{ROOT}>.")
        if self._depth > MAX_DEPTH:
            raise FileRefused(
                f"Elements lie more than {MAX_DEPTH} deep.", self.place.CurrentLineNumber
            )
        if self._depth == 2:  # noqa: PLR2004 - a child of the root
            self._begin = (self.place.CurrentLineNumber, self.place.CurrentByteIndex)
            self._builder = TreeBuilder()
        if self._depth > 1:
            self._builder.start(tag, attributes)

    def data(self, text: str) -> None:
        """Text stands there."""
        if self._depth > 1:
            self._builder.data(text)
        elif text.strip():
            raise self.refusal("There is text between the moves.")

    def end(self, tag: str) -> None:
        """An element ends."""
        self._depth -= 1
        if self._depth:
            self._builder.end(tag)
        if self._depth == 1:
            self._count += 1
            line, begin = self._begin
            size = self.place.CurrentByteIndex - begin
            self.moves.append(Move(self._count, line, size, self._builder.close()))

    def close(self) -> None:
        """The document ends."""

    def refusal(self, detail: str) -> FileRefused:
        """The refusal of the document for what stands here."""
        return FileRefused(detail, self.place.CurrentLineNumber)
