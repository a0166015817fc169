"""The same key, the same answer; the same key with another body, a refusal (A8, B4)."""

from __future__ import annotations

import threading

from flask.testing import FlaskClient

from tests.web.office import API, COUNTER, OFFICE, House


def test_repeat_gets_the_same_answer_and_one_ticket(client: FlaskClient) -> None:
    headers = {**OFFICE, "Idempotency-Key": "k-1"}
    answers = [client.post(f"{API}/tickets", json={"service": "passport"}, headers=headers) for _ in range(3)]
    assert {one.status_code for one in answers} == {201}
    assert len({one.text for one in answers}) == 1
    queues = client.get(f"{API}/queues", headers=OFFICE).json
    assert queues[0]["waiting"] == 1


def test_same_key_with_another_body_is_refused(client: FlaskClient) -> None:
    headers = {**OFFICE, "Idempotency-Key": "k-2"}
    client.post(f"{API}/tickets", json={"service": "passport"}, headers=headers)
    for path, body in (("/tickets", {"service": "residence"}), ("/counters/1/open", {})):
        answer = client.post(API + path, json=body, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (422, "key_reused")


def test_key_of_a_bad_body_is_used_up(client: FlaskClient) -> None:
    headers = {**OFFICE, "Idempotency-Key": "k-3"}
    for _ in range(2):
        bad = client.post(f"{API}/tickets", json={"service": 5}, headers=headers)
        assert (bad.status_code, bad.json["code"], bad.json["field"]) == (422, "invalid", "service")
    good = client.post(f"{API}/tickets", json={"service": "passport"}, headers=headers)
    assert (good.status_code, good.json["code"]) == (422, "key_reused")


def test_keys_are_each_accounts_own(client: FlaskClient) -> None:
    for headers in (OFFICE, COUNTER):
        answer = client.post(
            f"{API}/tickets", json={"service": "passport"}, headers={**headers, "Idempotency-Key": "shared"}
        )
        assert answer.status_code == 201
    assert client.get(f"{API}/queues", headers=OFFICE).json[0]["waiting"] == 2


def test_refusal_is_repeated_too(client: FlaskClient) -> None:
    headers = {**COUNTER, "Idempotency-Key": "k-4"}
    first = client.post(f"{API}/counters/1/next", headers=headers)
    client.post(f"{API}/counters/1/open", headers=COUNTER)
    again = client.post(f"{API}/counters/1/next", headers=headers)
    assert first.status_code == again.status_code == 409
    assert first.json == again.json


def test_five_at_once_are_one(home: House) -> None:
    bodies: list[str] = []
    start = threading.Barrier(5)

    def press() -> None:
        client = home.client()
        start.wait(10)
        answer = client.post(
            f"{API}/tickets", json={"service": "passport"}, headers={**OFFICE, "Idempotency-Key": "five"}
        )
        bodies.append(answer.text)

    threads = [threading.Thread(target=press) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert len(bodies) == 5
    assert len(set(bodies)) == 1
