"""Staff void tickets that were taken in play."""

from __future__ import annotations

from tests.web.desk import log_in, token_in
from tests.web.office import API, OFFICE, House


def test_staff_void_the_tickets_they_mark(home: House) -> None:
    client = home.client()
    assert "login" in client.get("/office/queue").headers["Location"]
    log_in(client)
    made = [client.post(f"{API}/tickets", json={"service": "passport"}, headers=OFFICE) for _ in range(3)]
    labels = [answer.json["label"] for answer in made]
    page = client.get("/office/queue").text
    assert [page.index(label) for label in labels] == sorted((page.index(label) for label in labels), reverse=True)
    boxes = [part.split('"')[0] for part in page.split('name="ticket" value="')[1:]]
    token = token_in(page)
    answer = client.post("/office/queue", data={"csrf_token": token, "ticket": boxes[:2]}, follow_redirects=True)
    assert f"{labels[2]}, {labels[1]}" in answer.text
    assert 'value="' + boxes[2] in answer.text
    assert 'value="' + boxes[0] not in answer.text
    again = client.post("/office/queue", data={"csrf_token": token, "ticket": boxes[:1]}, follow_redirects=True)
    assert "Nessun biglietto annullato" in again.text
    assert client.post("/office/queue", data={"ticket": boxes[2]}).status_code == 400
