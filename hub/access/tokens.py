"""What stands for a secret where the secret itself must not stand."""

from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac

FORM = b"form"


def digest(secret: str) -> str:
    """SHA-256 in hexadecimal digits; enough for secrets of 256 random bits."""
    return sha256(secret.encode()).hexdigest()


def form_token(secret: str) -> str:
    """What the forms of this session carry: nobody can tell it who has not the session's id."""
    return hmac(secret.encode(), FORM, sha256).hexdigest()


def keyed(key: bytes, text: str) -> str:
    """A pseudonym for a text that could be guessed, such as a name or an address."""
    return hmac(key, text.encode(), sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether they are the same; how long it takes says nothing."""
    return compare_digest(*(text.encode("utf-8", "surrogatepass") for text in (one, other)))
