"""A password is long and not easy to guess; what is wrong with it is said by a code."""

import pytest
from argon2 import Parameters
from argon2.low_level import Type

from connectors.errors import Later
from hub.access.hashing import Hasher
from hub.access.passwords import LONGEST, Weakness, normal, weaknesses
from tests.support.accounts import CHEAP

NAMES = ("m.beispiel", "Mara Beispiel")


@pytest.mark.parametrize(
    "password",
    [
        "sieben Zwerge im Odenwald",
        "kTf93-mmQ21-ppLws",
        "Grüße aus Kranichstein",
        "правильная лошадь батарея",
        "x" * 3 + "abcd" + "qwrtz" + "1289",
        "Tulpen" * 2 + "garten",
    ],
)
def test_taken(password: str) -> None:
    """Long words, any letters, spaces: whatever is not easy to guess is taken."""
    assert weaknesses(password, NAMES) == ()


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("kurz-und-gut", None),
        ("kurz-und-gu", Weakness.TOO_SHORT),
        ("ab cd" * 26, Weakness.TOO_LONG),
        ("Sommer in Beispiel 3", Weakness.LIKE_THE_NAME),
        ("xx MARA xx yz 99", Weakness.LIKE_THE_NAME),
        ("aaaaaaaabbbb", Weakness.EASY_TO_GUESS),
        ("Passwort1234", Weakness.EASY_TO_GUESS),
        ("P4$$w0rt!!2026", Weakness.EASY_TO_GUESS),
        ("passwortpasswort", Weakness.EASY_TO_GUESS),
        ("Willkommen-2026!", Weakness.EASY_TO_GUESS),
        ("Frühling2026!!", Weakness.EASY_TO_GUESS),
        ("qwertzuiopasdf", Weakness.EASY_TO_GUESS),
        ("0987654321xyz", Weakness.EASY_TO_GUESS),
        ("123456789012", Weakness.EASY_TO_GUESS),
    ],
)
def test_not_taken(password: str, weakness: Weakness | None) -> None:
    """What is short, repeats the name, or is what everybody tries first is refused by its code."""
    found = weaknesses(password, NAMES)
    assert (weakness in found) if weakness else (found == ())


def test_the_same_from_any_keyboard() -> None:
    """An umlaut is the same password, whether written as one character or as two."""
    hasher = Hasher(CHEAP)
    assert hasher.fits(hasher.hash("Gru\u0308ße vom Marktplatz"), "Gr\u00fcße vom Marktplatz")
    assert normal("ﬁn") == "fin"


def test_hashes() -> None:
    """Only the right password fits; each hash has a salt of its own; nonsense fits nothing."""
    hasher = Hasher(CHEAP)
    one, another = hasher.hash("sieben Zwerge"), hasher.hash("sieben Zwerge")

    assert one != another
    assert one.startswith("$argon2id$")
    assert hasher.fits(one, "sieben Zwerge")
    assert not hasher.fits(one, "sieben zwerge")
    assert not hasher.fits(None, "nobody has this password")
    assert not hasher.fits("no hash", "sieben Zwerge")


def test_the_default_is_the_standards() -> None:
    """Without other parameters they are those of RFC 9106 for a server with little memory."""
    (*_, parameters, _salt, _hash) = Hasher().hash("sieben Zwerge").split("$")
    assert parameters == "m=65536,t=3,p=4"


def test_outdated() -> None:
    """A hash made with other parameters is made anew when the password is known."""
    stronger = Parameters(Type.ID, 19, 16, 32, time_cost=2, memory_cost=64, parallelism=1)
    old = Hasher(CHEAP).hash("sieben Zwerge")
    assert Hasher(stronger).is_outdated(old)
    assert not Hasher(CHEAP).is_outdated(old)


def test_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than two are hashed at once; who waits too long is told to come again."""
    monkeypatch.setattr("hub.access.hashing.PATIENCE_S", 0.01)
    hasher = Hasher(CHEAP)
    with hasher._place(), hasher._place():
        with pytest.raises(Later):
            hasher.hash("sieben Zwerge")
        with pytest.raises(Later):
            hasher.fits(None, "sieben Zwerge")
    assert hasher.hash("sieben Zwerge")


def test_a_huge_password_is_no_work() -> None:
    """What is too long to be a password is not hashed as it is."""
    hasher = Hasher(CHEAP)
    huge = "a" * (2 * LONGEST + 1)
    assert not hasher.fits(hasher.hash(huge), huge)
