"""Addresses of a onebox: a default that is taken gives way, a given one is an error (contract: Commands)."""

from __future__ import annotations

import socket

import pytest

from deploy.onebox.ports import Address, AddressTaken, parse, settle


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8000", Address("127.0.0.1", 8000)),
        ("localhost:0", Address("localhost", 0)),
        ("[::1]:1883", Address("::1", 1883)),
    ],
)
def test_an_address_is_host_and_port(text: str, address: Address) -> None:
    assert parse(text) == address
    assert str(address) == text


@pytest.mark.parametrize("text", ["", "8000", ":8000", "host:", "host:x", "host:-1", "host:65536", "host:８"])
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"HOST:PORT, like 127\.0\.0\.1:8000"):
        parse(text)


def test_port_0_becomes_a_free_one() -> None:
    address = settle(Address("127.0.0.1", 0), may_give_way=False)
    with socket.create_server((address.host, address.port)):
        assert 20_000 <= address.port < 32_000


def test_a_taken_default_gives_way_and_a_taken_choice_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = Address("127.0.0.1", taken.getsockname()[1])
        other = settle(wanted, may_give_way=True)
        assert other.host == wanted.host
        assert other.port != wanted.port
        with pytest.raises(AddressTaken, match=f"{wanted}: another program listens there; choose another"):
            settle(wanted, may_give_way=False)


@pytest.mark.parametrize("port", [0, 8000])
def test_a_host_that_is_not_ours_is_an_error(port: int) -> None:
    with pytest.raises(AddressTaken, match="choose another address"):
        settle(Address("192.0.2.1", port), may_give_way=port == 0)


def test_a_wildcard_is_reached_by_the_loopback() -> None:
    assert [Address(host, 80).reachable for host in ("0.0.0.0", "::", "10.0.0.1")] == [  # noqa: S104
        "127.0.0.1:80",
        "[::1]:80",
        "10.0.0.1:80",
    ]
