"""Which addresses may be called: public ones, and those somebody has allowed by name. Pure."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

UNICAST: Final = ip_network("2000::/3")
"""All that is routed in IPv6 (RFC 4291, 2.4); Python calls more of it global."""
IN_DISGUISE: Final = tuple(
    ip_network(net) for net in ("64:ff9b::/96", "2002::/16", "2001::/32", "192.0.0.0/24")
)
"""Addresses that lead to an IPv4 address: NAT64, 6to4, Teredo, and the protocols' own network."""


class NotAllowed(Exception):
    """The receiver's name leads to an address that must not be called."""


def chosen(found: Iterable[str], allowed: Sequence[Network]) -> str:
    """The address to connect to, out of all that a name leads to.

    Raises NotAllowed if there is none, or if only one of them must not be called: a name that
    leads to public and inner addresses at once is not to be trusted.
    """
    addresses = [_plain(ip_address(text.partition("%")[0])) for text in found]
    if not addresses or not all(_may_be_called(address, allowed) for address in addresses):
        raise NotAllowed
    return str(addresses[0])


def _plain(address: Address) -> Address:
    """An IPv4 address written as IPv6 is the IPv4 address."""
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return inner or address


def _may_be_called(address: Address, allowed: Sequence[Network]) -> bool:
    if any(address in network for network in allowed):
        return True
    in_disguise = any(address in network for network in IN_DISGUISE)
    routed = address.version == 4 or address in UNICAST  # noqa: PLR2004 - IPv4
    return address.is_global and routed and not address.is_multicast and not in_disguise
