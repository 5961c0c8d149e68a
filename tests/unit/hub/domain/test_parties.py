"""The district as it ships: 24 parties, what each may do, and who serves where."""

from typing import Final

import pytest

from hub.domain.parties import FAMILIES, Kind
from schemas.topics import HANDED_IN
from schemas.vocabulary import MUNICIPAL_SERVICES, LegalBasis, Service
from tests.support.answers import CARITAS, DARMSTADT, DISTRICT, VEREIN, WITH_NEIGHBOURS

TOWNS: Final = """\
06432001 Alsbach-Hähnlein
06432002 Babenhausen
06432003 Bickenbach
06432004 Dieburg
06432005 Eppertshausen
06432006 Erzhausen
06432007 Fischbachtal
06432008 Griesheim
06432009 Groß-Bieberau
06432010 Groß-Umstadt
06432011 Groß-Zimmern
06432012 Messel
06432013 Modautal
06432014 Mühltal
06432015 Münster (Hessen)
06432016 Ober-Ramstadt
06432017 Otzberg
06432018 Pfungstadt
06432019 Reinheim
06432020 Roßdorf
06432021 Schaafheim
06432022 Seeheim-Jugenheim
06432023 Weiterstadt
"""
"""The 23 towns and municipalities of the Landkreis Darmstadt-Dieburg, by Gemeindeschlüssel."""


def test_shipped_file_declares_the_district() -> None:
    """The Kreisagentur and the 23 municipalities, each under its key and its name, no one else."""
    declared = [(p.id, p.name, p.kind, p.area) for p in DISTRICT.party]
    kfb = "Kreisagentur für Beschäftigung Darmstadt-Dieburg"
    assert declared[0] == ("kfb", kfb, Kind.JOBCENTER, "06432")
    towns = [line.split(" ", 1) for line in TOWNS.splitlines()]
    assert declared[1:] == [(ags, name, Kind.MUNICIPALITY, ags) for ags, name in towns]
    assert DISTRICT.district == "06432"


def test_municipal_services_are_taken_where_the_client_lives() -> None:
    """Each of the four of SGB II §16a goes to the client's own municipality."""
    for service in MUNICIPAL_SERVICES:
        for line in TOWNS.splitlines():
            ags = line[:8]
            found = DISTRICT.offering(service, ags)
            assert found is not None
            assert found.id == ags


def test_jobcenter_takes_its_services_for_the_whole_district() -> None:
    """What the Kreisagentur offers it offers to clients from every municipality."""
    for service in {*Service} - MUNICIPAL_SERVICES - {Service.LOCAL_OFFER}:
        for line in TOWNS.splitlines():
            found = DISTRICT.offering(service, line[:8])
            assert found is not None
            assert found.id == "kfb"


def test_nobody_serves_another_district() -> None:
    """A client who lives elsewhere is nobody's here."""
    assert DISTRICT.offering(Service.BENEFIT_ADVICE, "06411000") is None


def test_municipality_comes_before_its_district() -> None:
    """Where both take a service, the Gemeinde does."""
    kfb = DISTRICT.by_id["kfb"].model_copy(update={"services": tuple(Service)})
    parties = type(DISTRICT)(district="06432", party=(kfb, *DISTRICT.party[1:]))
    found = parties.offering(Service.DEBT_COUNSELLING, "06432005")
    assert found is not None
    assert found.id == "06432005"


def test_of_two_who_take_a_service_the_first_declared_does() -> None:
    """Two offices of one Kreis: the order of the file decides."""
    second = DISTRICT.by_id["kfb"].model_copy(update={"id": "kfb-2"})
    parties = type(DISTRICT)(district="06432", party=(*DISTRICT.party, second))
    found = parties.offering(Service.BENEFIT_ADVICE, "06432005")
    assert found is not None
    assert found.id == "kfb"


def test_only_municipalities_set_blocks() -> None:
    """An Auskunftssperre comes from who keeps the register, on its own legal basis (BMG §33(4))."""
    allowed = {p.kind for p in WITH_NEIGHBOURS.party if "disclosure-block" in p.sends}
    assert allowed == {Kind.MUNICIPALITY}
    assert DISTRICT.by_id["06432005"].sends["disclosure-block"] == (LegalBasis.BMG_33_4,)


def test_whoever_is_sent_addresses_is_sent_blocks() -> None:
    """A block reaches all who hold the address (BMG §33(4))."""
    for party in WITH_NEIGHBOURS.party:
        if party.may_receive("address-change.reported"):
            assert party.may_receive("disclosure-block.set"), party.id


def test_only_who_pays_sees_blocked_addresses() -> None:
    """Jobcenter and carriers are entitled, municipalities and providers are not."""
    entitled = {p.kind for p in WITH_NEIGHBOURS.party if p.sees_blocked_addresses}
    assert entitled == {Kind.JOBCENTER, Kind.CARRIER}


def test_providers_receive_referrals_only_with_a_commitment() -> None:
    """Outside of SGB I §35 social data go to the committed (SGB X §78) and to nobody else."""
    by_id = WITH_NEIGHBOURS.by_id
    assert by_id[CARITAS].is_committed
    assert not by_id[VEREIN].is_committed
    assert all(party.is_committed for party in DISTRICT.party)


def test_a_partys_own_declaration_goes_before_its_kinds() -> None:
    """What stands in a [[party]] replaces what its kind says, the rest stays."""
    assert WITH_NEIGHBOURS.by_id[CARITAS].receives == ("referral", "support-offer")
    assert WITH_NEIGHBOURS.by_id[VEREIN].receives == ("referral",)


def test_carriers_are_jobcenter_and_carriers() -> None:
    """At these a case can be open."""
    assert [carrier.id for carrier in WITH_NEIGHBOURS.carriers] == ["kfb", DARMSTADT]
    assert [party.id for party in WITH_NEIGHBOURS.jobcenters] == ["kfb"]


def test_district_stands_for_its_municipalities() -> None:
    """A service area of 5 digits is all 23, one of 8 digits the one; others are nobody here."""
    assert len([*DISTRICT.municipalities(("06432",))]) == 23
    assert [p.name for p in DISTRICT.municipalities(("06432005", "06411000"))] == ["Eppertshausen"]
    assert not [*DISTRICT.municipalities(("06411",))]


def test_families_are_those_of_the_input_types() -> None:
    """Permissions are given for exactly what can come in."""
    assert {*FAMILIES} == {kind.partition(".")[0] for kind in HANDED_IN}


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("06432050", "06432005"),
        ("06432500", "06432005"),
        ("06423005", "06432005"),
        ("60432005", "06432005"),
        ("06432055", "06432005"),
        ("06432024", "06432023"),
        ("06432041", "06432014"),
        ("06432099", "06432009"),
    ],
)
def test_nearest_names_hold_what_was_meant(mistyped: str, meant: str) -> None:
    """A digit mistyped or two swapped: the municipality meant is among the three named."""
    nearest = DISTRICT.nearest(mistyped)
    assert f"{DISTRICT.by_id[meant].name} ({meant})" in nearest
    assert nearest.count("(0643") == 3


def test_offices_work_from_eight_to_four() -> None:
    """As shipped: Monday to Friday, Hessian holidays, closed on 24 and 31 December."""
    for party in DISTRICT.party:
        assert party.working_time.calendar == ("DE-HE", ("Mo-Fr 08:00-16:00",), ("12-24", "12-31"))
        assert party.working_time is DISTRICT.party[0].working_time


def test_agreed_times_are_as_declared() -> None:
    """Five days to answer, sixty to finish, ten until a referral expires, three to collect."""
    for party in DISTRICT.party:
        assert party.answer_within_working_days == 5
        assert party.finish_within_working_days == 60
        assert party.expire_after_working_days == 10
        assert party.collect_within_working_days == 3
        assert party.continue_within_working_days == 20


def test_what_is_late_twice_is_the_jobcenters() -> None:
    """Unless a party names another lead, its own jobcenter hears of it."""
    kfb, eppertshausen = DISTRICT.by_id["kfb"], DISTRICT.by_id["06432005"]
    assert DISTRICT.lead_of(eppertshausen) is kfb
    assert DISTRICT.lead_of(kfb) is kfb
    named = kfb.model_copy(update={"escalates_to": "06432005"})
    assert DISTRICT.lead_of(named) is eppertshausen
    alone = type(DISTRICT)(district="06432", party=(eppertshausen,))
    assert alone.lead_of(eppertshausen) is None
