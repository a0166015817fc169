"""The pages without JavaScript, but for booking: ticket, counter, log-in, health (A10, D1, D4, D6, E12)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dispatcher.store.session import Store
from dispatcher.usecases.desk import Desk
from dispatcher.web import Limits, create_app
from dispatcher.web.texts import LANGUAGES, catalogue
from tests.web.bookings import Booking, hidden
from tests.web.office import API, COUNTER, OFFICE, ROOMY, SECRETS, House, booking, house, slot
from tests.web.test_roles import log_in


def test_ticket_page_in_its_states(client: FlaskClient) -> None:
    url = client.post(f"{API}/tickets", json={"service": "passport"}, headers=OFFICE).json["status_url"]
    path = url.removeprefix("http://localhost")
    assert "You are next." in client.get(f"{path}?lang=en").text
    live = client.get(f"{path}/live")
    assert client.get(f"{path}/live", headers={"If-None-Match": live.headers["ETag"]}).status_code == 304
    client.post(f"{API}/counters/2/open", headers=COUNTER)
    client.post(f"{API}/counters/2/next", headers=COUNTER)
    called = client.get(f"{path}/live", headers={"If-None-Match": live.headers["ETag"]})
    assert called.status_code == 200
    assert "It is your turn!" in called.text
    assert "Counter 2" in called.text
    assert client.get("/t/guessed").status_code == 404


def test_ticket_is_given_up_and_put_off_by_its_holder(client: FlaskClient) -> None:
    url = client.post(f"{API}/tickets", json={"service": "passport"}, headers=OFFICE).json["status_url"]
    path = url.removeprefix("http://localhost")
    fields = hidden(client.get(f"{path}?lang=en").text)
    later = client.post(f"{path}/later", data=fields, follow_redirects=True)
    assert "You have 10 more minutes." in later.text
    assert f'action="{path}/later"' not in later.text
    assert client.get(f"{path}/leave").status_code == 405
    assert client.post(f"{path}/leave").status_code == 400
    assert "You have given up your place." in client.post(f"{path}/leave", data=fields, follow_redirects=True).text


def test_counter_page_is_for_staff_and_works_by_forms(client: FlaskClient) -> None:
    assert client.get("/counter/1").headers["Location"] == "/login?next=/counter/1"
    log_in(client)
    client.post(f"{API}/appointments", json=booking(start=slot(0, 9, 30), notes="wheelchair"), headers=OFFICE)

    def press(**fields: str):
        page = client.get("/counter/1?lang=en").text
        return client.post("/counter/1/do", data={**hidden(page), **fields}, follow_redirects=True).text

    assert "The counter is open." in press(action="open")
    assert "Nobody is waiting." in press(action="next")
    assert "Ticket A001 is issued." in press(action="issue", service="passport", language="de")
    assert "A001 is called." in press(action="next")
    assert "Noted: the customer is here." in press(action="serve")
    assert "Parked." in press(action="park", **{"for": "10"})
    page = press(action="call", label="aa01")
    assert "AA01 is called." in page
    assert "wheelchair" in page
    assert "Anna Bianchi" in page
    asked = press(action="next")
    assert "Was AA01 here?" in asked
    assert 'id="ask" aria-labelledby="ask-title">' in asked
    answered = client.post(
        "/counter/1/do", data={**hidden(asked), "action": "missing", "then": "next"}, follow_redirects=True
    )
    assert "Nobody is waiting." in answered.text
    assert "There is no such number today." in press(action="call", label="Z999")
    assert "This entry is not valid" in press(action="call", label="")
    assert "This entry is not valid" in press(action="explode")


def test_stale_form_does_nothing_and_says_so(client: FlaskClient) -> None:
    log_in(client)
    for _ in range(2):
        client.post(f"{API}/tickets", json={"service": "passport"}, headers=OFFICE)
    client.post(f"{API}/counters/1/open", headers=COUNTER)
    old = hidden(client.get("/counter/1?lang=en").text)
    client.post(f"{API}/counters/1/next", headers=COUNTER)
    for action in ("next", "absent", "finish", "park"):
        page = client.post("/counter/1/do", data={**old, "action": action}, follow_redirects=True).text
        assert "nothing was done" in page, action
    assert client.get(f"{API}/counters/1", headers=OFFICE).json["ticket"]["label"] == "A001"


def test_counter_page_answers_its_script_in_json(client: FlaskClient) -> None:
    log_in(client)
    fields = hidden(client.get("/counter/1?lang=en").text)
    json_please = {"Accept": "application/json"}
    answer = client.post("/counter/1/do", data={**fields, "action": "open"}, headers=json_please)
    assert (answer.status_code, answer.json["ok"]) == (200, True)
    assert "next" in answer.json["live"]["may"]
    again = client.post("/counter/1/do", data={**fields, "action": "open"}, headers=json_please)
    assert again.json["ok"] is True
    live = client.get("/counter/1/live")
    assert client.get("/counter/1/live", headers={"If-None-Match": live.headers["ETag"]}).status_code == 304


def test_stream_sends_the_state_and_gives_its_place_back(home: House) -> None:
    client = home.client()
    log_in(client)
    with client.get("/counter/1/events", buffered=False) as answer:
        assert answer.content_type.startswith("text/event-stream")
        pieces = answer.response
        assert next(pieces) == b"retry: 2000\n\n"
        state = json.loads(next(pieces).removeprefix(b"data: "))
        assert state["holding"] is None
        client2 = home.client()
        client2.post(f"{API}/counters/1/open", headers=COUNTER)
        changed = json.loads(next(pieces).removeprefix(b"data: "))
        assert "next" in changed["may"]
    assert home.app.extensions["numeretto"].streams.open == 0


def test_beyond_the_cap_pages_poll(tmp_path: Path) -> None:
    with house(tmp_path, limits=Limits(**{**ROOMY.__dict__, "streams": 0})) as home:
        client = home.client()
        log_in(client)
        answer = client.get("/counter/1/events")
        assert answer.status_code == 503
        assert client.get("/counter/1/live").status_code == 200


def test_pages_stand_below_the_sites_name_too(client: FlaskClient) -> None:
    page = client.get("/torino/?lang=en").text
    assert 'href="/torino/?service=passport"' in page
    url = client.post(f"{API}/tickets", json={"service": "passport"}, headers=OFFICE).json["status_url"]
    assert client.get("/torino" + url.removeprefix("http://localhost")).status_code == 200
    assert client.get("/torino/counter/1").headers["Location"] == "/torino/login?next=/torino/counter/1"
    assert client.get("/roma/").status_code == 404


def test_language_by_address_then_cookie_then_browser(client: FlaskClient) -> None:
    assert '<html lang="it">' in client.get("/").text
    assert '<html lang="fr">' in client.get("/", headers={"Accept-Language": "fr-CH, en;q=0.5"}).text
    assert '<html lang="de">' in client.get("/?lang=de").text
    assert '<html lang="de">' in client.get("/", headers={"Accept-Language": "fr"}).text


def test_catalogues_have_the_same_texts_with_the_same_gaps() -> None:
    gaps = {
        language: {key: sorted(re.findall(r"\{(\w+)\}", text)) for key, text in catalogue(language).items()}
        for language in LANGUAGES
    }
    assert gaps["it"] == gaps["en"] == gaps["de"] == gaps["fr"]


def test_every_text_that_a_page_asks_for_is_there() -> None:
    folder = Path(__file__).parents[2] / "dispatcher" / "web"
    keys = catalogue("en")
    asked = set()
    for file in [*folder.rglob("*.html"), *folder.rglob("*.py")]:
        text = file.read_text(encoding="utf-8")
        asked |= set(re.findall(r"""(?:\bt|words|texts\(\))\("([a-z_0-9.]+)"[,)]""", text))
    assert asked - set(keys) == set()
    assert len(asked) > 100


def test_security_headers_on_every_page(client: FlaskClient) -> None:
    for path in ("/", "/login", "/nonsense", "/healthz", "/api/v1/openapi.json", "/static/numeretto.css"):
        with client.get(path) as answer:
            headers = answer.headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    with client.get("/fonts/regular.ttf") as font:
        assert font.content_type == "font/ttf"


def test_room_is_elsewhere_and_may_frame_the_pages(tmp_path: Path) -> None:
    with house(tmp_path, room_url="http://127.0.0.1:9123/room") as home:
        client = home.client()
        for path in ("/room", "/room/kiosk/entrance.png?x=1"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["Location"]) == (307, "http://127.0.0.1:9123" + path)
        touch = client.post("/room/kiosk/entrance/touch", json={"x": 1, "y": 2})
        assert touch.headers["Location"] == "http://127.0.0.1:9123/room/kiosk/entrance/touch"
        assert "frame-ancestors 'self' http://127.0.0.1:9123" in client.get("/").headers["Content-Security-Policy"]


def test_without_a_room_there_is_none(client: FlaskClient) -> None:
    assert client.get("/room").status_code == 404


def test_health_readiness_and_figures(tmp_path: Path) -> None:
    parts = {"broker": True, "kiosk-entrance": False}
    with house(tmp_path, ready=lambda: parts) as home:
        client = home.client()
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json) == (503, {"ready": False, "parts": parts})
        parts["kiosk-entrance"] = True
        assert client.get("/readyz").status_code == 200
        client.post(f"{API}/tickets", json={"service": "passport"}, headers=OFFICE)
        lines = client.get("/metrics").text.splitlines()
        assert 'numeretto_waiting_tickets{service="passport"} 1' in lines
        assert 'numeretto_tickets{state="waiting"} 1' in lines
        assert 'numeretto_http_requests_total{method="GET",endpoint="/healthz",status="200"} 1' in lines


def test_too_many_attempts_are_told_to_wait(tmp_path: Path) -> None:
    limits = Limits(
        **{**ROOMY.__dict__, "login": "2 per minute", "challenge": "2 per minute", "booking_email": "1 per hour"}
    )
    with house(tmp_path, limits=limits) as home:
        client = home.client()
        for _ in range(2):
            assert log_in(client, "anna", "wrong")[0].status_code == 422
        refused, _ = log_in(client)
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        statuses = [client.get(f"{API}/challenge").status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        problem = client.get(f"{API}/challenge")
        assert (problem.json["code"], problem.headers["Retry-After"]) == ("too_many", "60")
        assert [client.get(f"{API}/challenge", headers=OFFICE).status_code for _ in range(3)] == [200, 200, 200]


def test_log_lines_carry_no_token_of_a_ticket(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    url = client.post(f"{API}/tickets", json={"service": "passport"}, headers=OFFICE).json["status_url"]
    with caplog.at_level("INFO"):
        client.get(url.removeprefix("http://localhost"))
    text = caplog.text
    assert "event=http_request method=GET route=/t/<token> status=200" in text
    assert url.rsplit("/", 1)[-1] not in text


def test_every_page_says_that_the_clock_is_simulated(client: FlaskClient) -> None:
    for path in ("/", "/login", "/nonsense", "/?service=passport"):
        assert "Orologio simulato: lunedì 23 novembre" in client.get(path).text


def test_database_that_cannot_be_written_is_unavailable(home: House, tmp_path: Path) -> None:
    store = Store(f"sqlite:///file:{tmp_path / 'numeretto.db'}?mode=ro&uri=true")
    desk = Desk(store, home.desk.office, home.desk.clock, base_url="http://localhost")
    app = create_app(desk, secrets=SECRETS, secret_key="k", ready=dict, limits=ROOMY)
    client = app.test_client()
    answer = client.post(f"{API}/tickets", json={"service": "passport"}, headers=OFFICE)
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (503, "unavailable", "2")
    page = Booking(client).hold()
    assert page.status_code == 503
    assert "Nothing was changed" in page.text
    store.close()


def test_what_breaks_is_a_page_and_a_log_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> dict[str, bool]:
        raise ZeroDivisionError("secret detail")

    with house(tmp_path, ready=broken) as home:
        answer = home.client().get("/readyz?lang=en")
    assert answer.status_code == 500
    assert "Something broke on our side." in answer.text
    assert "secret detail" not in answer.text
    assert "event=http_failed" in caplog.text
