"""Network addresses that webhooks may be sent to."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# Services that give a machine its credentials, and NAT64's local prefix: never, whatever the operator allows. Most of
# the others are link-local. The first is Azure's, then come Alibaba's, Oracle's and Amazon's.
METADATA = tuple(
    map(ip_network, ("168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32", "fd00:ec2::/32", "64:ff9b:1::/48"))
)
# RFC 6052: the last 32 bits are an IPv4 address.
NAT64 = IPv6Network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host name, each once; raises `OSError` and `UnicodeError` where it has none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def permitted(text: str, *, private: bool) -> bool:
    """Whether an address may be connected to; `private`: also those of this machine and of its own networks.

    An IPv4 address within an IPv6 one (mapped, 6to4, NAT64) is judged itself.
    """
    address = _innermost(ip_address(text.partition("%")[0]))
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    if any(address in network for network in METADATA if network.version == address.version):
        return False
    if isinstance(address, IPv6Address) and address.is_site_local:
        return private
    return address.is_global or (private and (address.is_private or address.is_loopback))


def _innermost(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if (int(address) >> 32) == 0 and int(address) > 1:
        # IPv4-compatible addresses (RFC 4291), no longer in use.
        return IPv4Address(int(address))
    return address.ipv4_mapped or address.sixtofour or address
