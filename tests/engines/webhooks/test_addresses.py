"""Addresses that webhooks may go to."""

from __future__ import annotations

import pytest

from extraction.engines.webhooks.addresses import permitted

PUBLIC = ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34", "64:ff9b::5db8:d822", "2002:5db8:d822::1"]
PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "::1",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "::127.0.0.1",
]
NEVER = [
    "0.0.0.0",
    "::",
    "::ffff:0.0.0.0",
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "fe80::1",
    "fe80::1%eth0",
    "fd00:ec2::254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "224.0.0.1",
    "ff02::1",
    "64:ff9b:1::7f00:1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_network_may_be_reached(address: str) -> None:
    assert permitted(address, private=False)
    assert permitted(address, private=True)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_networks_only_where_the_operator_allows_them(address: str) -> None:
    assert not permitted(address, private=False)
    assert permitted(address, private=True)


@pytest.mark.parametrize("address", NEVER)
def test_metadata_services_and_what_is_no_machine_never(address: str) -> None:
    assert not permitted(address, private=False)
    assert not permitted(address, private=True)


@pytest.mark.parametrize("address", ["100.64.0.1", "198.18.0.1", "203.0.113.1", "240.0.0.1", "255.255.255.255"])
def test_reserved_networks_are_not_public(address: str) -> None:
    assert not permitted(address, private=False)
