"""Topics are built and read alike, by the names of the contract."""

from __future__ import annotations

import pytest

from dispatcher.wire import topics
from dispatcher.wire.topics import CommandTopic


def test_topics_are_the_contracts():
    site = "numeretto/v1/torino"
    assert topics.board("torino") == f"{site}/board"
    assert topics.call("torino") == f"{site}/call"
    assert topics.heartbeat("torino") == f"{site}/heartbeat"
    assert topics.menu("torino") == f"{site}/menu"
    assert topics.counter("torino", "1") == f"{site}/counter/1"
    assert topics.device("torino", "hall", "status") == f"{site}/device/hall/status"
    assert topics.command("torino", "entrance", "issue") == f"{site}/command/entrance/issue"


def test_commands_are_read_as_they_are_built():
    assert topics.parse_command(topics.command("torino", "entrance", "issue")) == CommandTopic(
        "torino", "entrance", "issue"
    )
    assert topics.parse_command(topics.command("torino", "keypad-1", "counter/2")) == CommandTopic(
        "torino", "keypad-1", "counter", "2"
    )


@pytest.mark.parametrize(
    "topic",
    [
        "numeretto/v1/torino/command/entrance",
        "numeretto/v1/torino/command//issue",
        "numeretto/v1//command/entrance/issue",
        "numeretto/v2/torino/command/entrance/issue",
        "numeretto/v1/torino/board",
        "",
    ],
)
def test_what_is_no_command(topic):
    assert topics.parse_command(topic) is None


def test_device_topics_are_read_as_they_are_built():
    assert topics.parse_device(topics.device("torino", "hall", "status")) == ("torino", "hall", "status")
    assert topics.parse_device(topics.board("torino")) is None


@pytest.mark.parametrize(
    ("pattern", "topic", "expected"),
    [
        ("a/b", "a/b", True),
        ("a/+/c", "a/b/c", True),
        ("a/+", "a/b/c", False),
        ("a/#", "a/b/c", True),
        ("a/#", "a", True),
        ("a/b", "a", False),
        ("#", "a/b", True),
        ("$share/dispatcher/a/+", "a/b", True),
        ("$share/dispatcher/a/+", "b/a", False),
        ("a/+", "a/", True),
    ],
)
def test_filters_match_as_in_mqtt(pattern, topic, expected):
    assert topics.matches(pattern, topic) is expected
