"""Invented people of the district; on request with a unique marker in every personal field."""

import random
from datetime import date, timedelta

from schemas.person import Address, Client, Person
from tests.support.district import Town

# fmt: off
FAMILY_NAMES = (
    "Schäfer", "Müller", "Weiß", "Krüger", "Löffler", "Grünewald", "Jäger", "Böhm", "Kühn",
    "Großmann", "Özdemir", "Yüksel", "Nguyễn", "Kowalczyk", "Haddad", "Petrović", "Weber",
    "Hofmann", "Lautenschläger", "Rödel", "Sänger", "Büttner", "Heß", "Traoré",
)
GIVEN_NAMES = (
    "Jürgen", "Käthe", "Günther", "Björn", "Sönke", "Bärbel", "Jörg", "Ayşe", "Zoë", "Łukasz",
    "Miloš", "Fatou", "André", "Heike", "Anna", "Uwe", "Inge", "Mürvet", "Dörte", "Linh", "Omar",
    "Renate", "Götz", "Sören",
)
STREETS = (
    "Bahnhofstraße", "Am Mühlgraben", "Goethestraße", "Röderweg", "Weiße Gasse", "Lindenstraße",
    "Hügelstraße", "Im Grünen Winkel", "Frankfurter Straße", "Schloßgartenweg",
    "An der Gänsweide", "Kirchstraße", "Höhenweg",
)
# fmt: on
LANGUAGES = (("de",), ("tr", "de"), ("ar",), ("uk", "ru"), ("pl", "de"), ("ti", "ar"), ("vi",))
FIRST_BIRTHDAY = date(1957, 3, 2)
FIRST_MARKED_BIRTHDAY = date(1901, 1, 1)


class People:
    """Makes people up by seeded chance."""

    def __init__(self, chance: random.Random, *, markers: bool = False) -> None:
        """With `markers`, every personal field holds a string that stands nowhere else."""
        self._chance = chance
        self._markers = markers
        self._count = 0
        self.marked: dict[str, str] = {}
        """Each marker in use, and the field it was put in."""

    def person(self) -> Person:
        """Somebody who has moved."""
        return Person(
            client_id=self._client_id(),
            family_name=self._text("family_name", self._chance.choice(FAMILY_NAMES)),
            given_names=self._text("given_names", self._chance.choice(GIVEN_NAMES)),
            birth_date=self._birth_date(),
        )

    def client(self, home: Town, *, blocked: bool = False) -> Client:
        """Somebody who lives there and is referred."""
        chance = self._chance
        phone = f"06151 {chance.randrange(10_000, 99_999)}"
        mail = f"post{chance.randrange(1000, 9999)}@example.org"
        speaks = chance.choice(LANGUAGES) if chance.random() < 0.5 else ()
        return Client(
            **self.person().model_dump(),
            ags=home.ags,
            address=self.address(home) if blocked or chance.random() < 0.7 else None,
            phone=self._mark("phone", phone, "+49 6151 77{:05d}") if phone[-1] in "02468" else None,
            email=self._mark("email", mail, "mk{:05d}q@example.org") if mail[4] in "135" else None,
            languages=tuple(self._language(code) for code in speaks),
            contact_prohibited=chance.random() < 0.03,
            disclosure_blocked=blocked,
        )

    def address(self, town: Town) -> Address:
        """Somewhere there."""
        number = str(self._chance.randrange(1, 120))
        beside = "Hinterhaus" if self._chance.random() < 0.1 else None
        return Address(
            street=self._text("street", self._chance.choice(STREETS)),
            house_number=self._mark("house_number", number, "8{0:03d}q-7{0:03d}z", 1000),
            additional=beside and self._text("additional", beside),
            postal_code=self._mark("postal_code", town.postal_code, "97{:03d}", 1000),
            city=self._text("city", town.name),
        )

    def remark(self, words: str) -> str:
        """A line about a person."""
        return self._text("note", words)

    def _client_id(self) -> str:
        plain = f"P-{self._chance.randrange(16**8):08x}"
        return self._mark("client_id", plain, "MK{:06d}q")

    def _text(self, field: str, plain: str) -> str:
        return self._mark(field, plain, "Mk{:06d}q")

    def _language(self, plain: str) -> str:
        if not self._markers:
            return plain
        self._count += 1
        code = f"q{chr(97 + self._count % 20)}{chr(97 + self._count // 20 % 26)}"
        self.marked[code] = "languages"
        return code

    def _birth_date(self) -> date:
        if self._markers:
            self._count += 1
            born = FIRST_MARKED_BIRTHDAY + timedelta(days=self._count)
            self.marked[born.isoformat()] = "birth_date"
            self.marked[f"{born:%d.%m.%Y}"] = "birth_date"
            return born
        return FIRST_BIRTHDAY + timedelta(days=self._chance.randrange(48 * 365))

    def _mark(self, field: str, plain: str, pattern: str, room: int = 10**5) -> str:
        if not self._markers:
            return plain
        self._count += 1
        marker = pattern.format(self._count % room)
        self.marked[marker] = field
        return marker
