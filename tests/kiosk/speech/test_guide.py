"""A ticket by ear, as a conversation: what is said after which key (B10). In all languages, without a sound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatcher.wire.messages import Issued, Menu, MenuGroup, MenuService
from kiosk import flow
from kiosk.aid import Pick, Scene
from kiosk.speech import guide
from kiosk.speech.guide import Key, Session, Stage
from kiosk.speech.pages import READERS
from kiosk.texts import LANGUAGES, catalogue
from tests.kiosk.peer import NOW, service

LOCAL = datetime(2026, 11, 23, 9, 41, tzinfo=ZoneInfo("Europe/Rome"))
SCENE = Scene("Camera di commercio", LOCAL)


def plain(service_id: str, name: str, **fields: Any) -> MenuService:
    """A service without assisted tickets."""
    return service(service_id, name, assisted=False, **fields)


MENU = Menu(
    revision=1,
    groups=(
        MenuGroup(
            id="",
            services=(
                service("passport", "Passaporti", waiting=3, wait_low_s=600, wait_high_s=1200, assisted=True),
                service("register", "Registro", open=False, reason="hours", opens_at=NOW + timedelta(hours=5)),
            ),
        ),
    ),
)
LEVELS = Menu(
    revision=2,
    groups=(
        MenuGroup(id="docs", name={"it": "Documenti"}, services=(plain("passport", "Passaporti"),)),
        MenuGroup(
            id="biz", name={"it": "Imprese"}, services=(plain("register", "Registro"), plain("vat", "Partita IVA"))
        ),
    ),
)
ISSUED = Issued(id="t1", label="A045", ahead=3, wait_low_s=600, wait_high_s=1200, status_url="", queued_at=NOW)


@dataclass
class Customer:
    """Somebody with the four keys; `heard` is what was said since the last key."""

    state: flow.State
    session: Session = Session()  # noqa: RUF009 (frozen)
    now: float = 100.0
    interrupted: bool = False

    def __post_init__(self) -> None:
        self.heard: list[str] = []
        self.voices: list[str] = []
        self.wanted: list[object] = []

    def press(self, *keys: Key) -> list[str]:
        for key in keys:
            self.now += 1
            self._tick()
            self.heard.clear()
            self.voices.clear()
            self._turn(guide.press(self.session, key, self.state, SCENE, self.now))
            self.settle()
        return self.heard

    def happens(self, *events: flow.Event) -> list[str]:
        """Something of the flow; what is said then."""
        self.heard.clear()
        self.voices.clear()
        for event in events:
            self.state, _ = flow.step(self.state, event)
            self.settle()
        return self.heard

    def wait(self, seconds: float) -> list[str]:
        """So many seconds in which nobody presses anything."""
        self.heard.clear()
        for _second in range(round(seconds)):
            self.now += 1
            self._tick()
            self.settle()
        return self.heard

    def settle(self) -> None:
        for _turn in range(3):
            self._turn(guide.follow(self.session, self.state, SCENE, self.now))

    def _tick(self) -> None:
        self.state, _ = flow.step(self.state, flow.Tick(self.now))

    def _turn(self, turn: guide.Turn) -> None:
        self.session = turn.session
        if turn.speech:
            self.interrupted = turn.speech.interrupts
            self.heard += [said.text for said in turn.speech.said]
            self.voices += [said.language for said in turn.speech.said]
        for event in turn.events:
            if isinstance(event, Pick):
                self.wanted.append(event.service)
                wish: Any = flow.Wish("k1", event.service, NOW)
                self.state, _ = flow.step(self.state, wish)
            else:
                self.state, _ = flow.step(self.state, event)  # type: ignore[arg-type]


def customer(menu: Menu = MENU, languages: tuple[str, ...] = LANGUAGES, **fields: Any) -> Customer:
    state = flow.State(
        screen=flow.Choose(), languages=languages, language=languages[0], menu=menu, link=True, trouble=None, now=100.0,
        since=100.0,
    )  # fmt: skip
    return Customer(replace(state, **fields))


def test_a_ticket_from_the_first_key_to_the_paper() -> None:
    """The whole conversation in English, as it is heard."""
    one = customer()
    assert one.press(Key.OK) == [
        "Camera di commercio.",
        "Guida vocale del distributore di biglietti.",
        "Italiano: premi OK.",
        "English: press the down key.",
        "Deutsch: Taste nach unten drücken.",
        "Français : appuyez sur la touche bas.",
    ]
    assert one.voices == ["it", "it", "it", "en", "de", "fr"], "each language in its own voice"
    assert one.press(Key.NEXT) == ["English: press OK."]
    assert one.press(Key.OK) == [
        "Choose a service with the up and down keys, then press OK.",
        "Passaporti (en).", "3 people waiting.", "Wait: 10 minutes to 20 minutes.", "1 of 6.",
    ]  # fmt: skip
    assert set(one.voices) == {"en"}
    assert one.press(Key.NEXT) == ["Registro (en).", "Closed now.", "Opens at 14 41.", "2 of 6."]
    assert one.press(Key.OK) == ["Registro (en).", "Closed now.", "Opens at 14 41.", "2 of 6."]
    assert one.wanted == [], "a closed service says why, and gives nothing"
    assert one.press(Key.PREVIOUS)[0] == "Passaporti (en)."
    assert one.press(Key.OK) == ["Passaporti (en).", "One moment."]
    assert one.wanted == ["passport"]
    assert one.happens(flow.Taken("k1"), flow.Numbered("k1", ISSUED)) == [
        "Your number is:", "A, 0, 4, 5.", "3 people ahead of you.", "Wait: 10 minutes to 20 minutes.",
        "Your ticket is being printed.",
    ]  # fmt: skip
    assert not one.interrupted, "what is being said ends first"
    assert one.happens(flow.Paper("k1", ISSUED, "confirmed")) == [
        "Take the paper below.", "We will call you by this number.",
        "If you have finished, press OK. To hear it again, press the repeat key.",
    ]  # fmt: skip
    assert one.press(Key.HUSH, Key.REPEAT)[:2] == ["Your number is:", "A, 0, 4, 5."]
    one.wait(10)
    assert one.state.screen == flow.Choose(), "the screen is there for the next one"
    assert one.press(Key.HUSH, Key.REPEAT)[1] == "A, 0, 4, 5.", "and the number can still be heard"
    assert one.press(Key.OK) == ["Goodbye."]
    assert one.session == Session()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_spoken_in_its_own_words_and_voice(language: str) -> None:
    one = customer(languages=(language,))
    texts = catalogue(language)
    assert one.press(Key.REPEAT)[0] == texts["speech.choose"], "with one language there is none to choose"
    assert one.press(Key.HUSH, Key.REPEAT, Key.HUSH, Key.REPEAT) == [texts["speech.help"]]
    assert one.press(Key.OK)[-1] == texts["speech.issuing"]
    one.happens(flow.Taken("k1"), flow.Numbered("k1", ISSUED))
    heard = one.happens(flow.Paper("k1", ISSUED, "confirmed"))
    assert heard[0] == texts["speech.take"]
    assert set(one.voices) == {language}
    assert one.press(Key.HUSH, Key.REPEAT)[:2] == [texts["speech.number"], "A, 0, 4, 5."]


def test_levels_of_the_menu_and_the_way_back() -> None:
    one = customer(LEVELS, ("it",))
    assert one.press(Key.OK)[1:] == ["Documenti.", "1 servizio.", "1 di 4."]
    assert one.press(Key.NEXT) == ["Imprese.", "2 servizi.", "2 di 4."]
    assert one.press(Key.OK)[1] == "Registro."
    assert one.press(Key.PREVIOUS) == ["Indietro.", "3 di 3."], "before the first stands the last"
    assert one.press(Key.OK)[1] == "Documenti."


def test_assistance_gives_priority_and_says_so() -> None:
    one = customer(languages=("it",))
    one.press(Key.OK)
    assert one.press(Key.NEXT, Key.NEXT)[0] == "Ho bisogno di assistenza."
    assert one.press(Key.OK)[0].startswith("Assistenza attiva: avrai la precedenza.")
    assert isinstance(one.state.screen, flow.Choose)
    assert one.state.screen.assisted
    one.press(Key.OK)
    assert isinstance(one.state.screen, flow.Issuing)
    assert one.state.screen.press.assisted


def test_the_figures_may_change_and_the_choice_at_hand_stays() -> None:
    one = customer(LEVELS, ("it",))
    one.press(Key.OK, Key.NEXT)
    busier = LEVELS.model_copy(update={"revision": 3, "groups": LEVELS.groups[::-1]})
    assert one.happens(flow.MenuCame(busier)) == [], "nobody is interrupted by a figure"
    assert one.press(Key.OK)[1] == "Registro."


def test_volume_goes_round_and_is_back_after_each_use() -> None:
    one = customer(languages=("it",))
    one.press(Key.OK)
    said = [one.press(Key.HUSH, Key.VOLUME)[0] for _ in range(4)]
    assert said == ["Volume 4 di 4.", "Volume 1 di 4.", "Volume 2 di 4.", "Volume 3 di 4."]
    one.press(Key.VOLUME)
    assert one.wait(60)[-1] == "La guida vocale è finita. Per ricominciare premi un tasto."
    one.press(Key.OK)
    assert one.session.volume == guide.DEFAULT_VOLUME


def test_the_end_of_the_time_is_announced_and_one_key_gives_all_of_it_again() -> None:
    one = customer(languages=("it", "en"))
    one.press(Key.OK, Key.NEXT, Key.OK)
    assert one.wait(39) == []
    assert one.wait(1) == ["Are you still there? Press a key to go on."]
    one.wait(15)
    assert one.press(Key.HUSH) == []
    assert one.wait(39) == []
    assert one.state.language == "en", "the screen waits too"
    assert one.wait(22) == [
        "Are you still there? Press a key to go on.", "The spoken guide has ended. To start again, press a key."
    ]  # fmt: skip
    assert one.session.stage is Stage.ASLEEP


def test_a_refusal_is_said_and_the_way_back_is_in_the_same_language() -> None:
    one = customer(languages=("it", "en"))
    one.press(Key.OK, Key.NEXT, Key.OK, Key.OK)
    assert one.happens(flow.Taken("k1"), flow.NoTicket("k1", "limit_reached"))[:2] == [
        "No ticket.", "There are no more tickets for this service today."
    ]  # fmt: skip
    assert one.wait(16) == ["Are you still there? Press a key to go on."]
    assert one.wait(20)[0] == "Choose a service with the up and down keys, then press OK."
    assert one.state.language == "en"


def test_when_a_refused_service_opens_again_is_said_once_the_menu_knows_it() -> None:
    one = customer(languages=("en",))
    one.press(Key.OK, Key.OK)
    one.happens(flow.Taken("k1"), flow.NoTicket("k1", "limit_reached"))
    full = {"open": False, "reason": "limit", "opens_at": NOW + timedelta(days=1)}
    services = tuple(each.model_copy(update=full) for each in MENU.groups[0].services)
    heard = one.happens(
        flow.MenuCame(Menu(revision=2, groups=(MENU.groups[0].model_copy(update={"services": services}),)))
    )
    assert heard[0].startswith("Opens Tuesday at")


@pytest.mark.parametrize("reason", ["paper_out", "no_link", "printer_off", "starting"])
def test_out_of_service_is_said_at_once_and_when_it_is_over(reason: str) -> None:
    one = customer(languages=("it",))
    one.press(Key.OK)
    event = flow.LinkIs(up=False) if reason == "no_link" else flow.PrinterIs(reason)
    texts = catalogue("it")
    assert one.happens(event)[:2] == [f"{texts['out.title']}.", texts[f"out.{reason}"]]
    assert one.interrupted
    assert one.press(Key.OK)[0] == f"{texts['out.title']}.", "a key says it again"
    assert one.happens(flow.LinkIs(up=True), flow.PrinterIs(None))[0] == texts["speech.choose"]


def test_a_number_whose_paper_waits_is_said() -> None:
    one = customer(languages=("it",))
    one.press(Key.OK, Key.OK)
    one.happens(flow.Taken("k1"), flow.Numbered("k1", ISSUED))
    heard = one.happens(flow.PrinterIs("paper_out"), flow.Held("k1", "A045"))
    assert "Il tuo numero è A, 0, 4, 5. Sarà stampato appena la stampante riparte." in heard
    assert "A, 0, 4, 5." in one.happens(flow.PrinterIs(None), flow.Paper("k1", ISSUED, "confirmed"))


def _with_ticket(*, louder: bool = False) -> Customer:
    """Has taken a ticket in English; its screen has gone."""
    one = customer(languages=("it", "en"))
    one.press(Key.OK, Key.NEXT, Key.OK)
    if louder:
        one.press(Key.VOLUME)
        assert one.session.volume == guide.DEFAULT_VOLUME + 1
    one.press(Key.OK)
    one.happens(flow.Taken("k1"), flow.Numbered("k1", ISSUED), flow.Paper("k1", ISSUED, "confirmed"))
    one.wait(10)
    assert one.session.stage is Stage.KEPT
    return one


@pytest.mark.parametrize("key", [Key.NEXT, Key.PREVIOUS])
def test_the_next_customer_begins_in_the_first_language_at_the_volume_of_the_beginning(key: Key) -> None:
    """EN 301 549 5.1.3: back to the default after each use, not only once nobody has come for a while."""
    one = _with_ticket(louder=True)
    assert one.press(key)[:2] == ["Camera di commercio.", "Guida vocale del distributore di biglietti."]
    assert (one.session.volume, one.session.stage, one.session.last[0].language) == (
        guide.DEFAULT_VOLUME, Stage.LANGUAGE, "it",
    )  # fmt: skip
    assert "A, 0, 4, 5." not in one.press(Key.REPEAT)


def test_a_ticket_can_be_heard_again_for_a_while_no_louder_than_the_next_customer_begins() -> None:
    one = _with_ticket(louder=True)
    assert one.press(Key.REPEAT)[:2] == ["Your number is:", "A, 0, 4, 5."]
    assert one.session.volume == guide.DEFAULT_VOLUME
    assert one.press(Key.OK) == ["Goodbye."]
    assert one.session == Session()
    one = _with_ticket()
    one.wait(guide.KEPT_S + 1)
    assert one.session == Session()
    assert one.press(Key.REPEAT)[0] == "Camera di commercio."


def test_who_comes_next_hears_nothing_of_the_one_before() -> None:
    one = customer(languages=("it", "en"))
    one.press(Key.OK, Key.NEXT, Key.OK, Key.OK)
    one.happens(flow.Taken("k1"), flow.Numbered("k1", ISSUED), flow.Paper("k1", ISSUED, "confirmed"))
    one.wait(10)
    assert one.session.stage is Stage.KEPT
    one.happens(flow.OpenGroup(None), flow.ChooseLanguage("en"))
    assert one.session == Session(), "a finger on the screen ends it"
    assert one.press(Key.OK)[0] == "Camera di commercio."
    again = customer(languages=("it",))
    again.press(Key.OK, Key.OK)
    again.happens(flow.Taken("k1"), flow.Numbered("k1", ISSUED), flow.Paper("k1", ISSUED, "confirmed"))
    again.wait(45)
    assert again.session == Session()


def test_what_another_left_on_the_screen_does_not_hinder_the_beginning() -> None:
    one = customer(LEVELS, ("it", "en"), screen=flow.Choose(group="biz", assisted=True))
    one.press(Key.OK)
    assert one.state.screen == flow.Choose()
    assert one.session.stage is Stage.LANGUAGE


def test_a_finger_on_the_screen_and_the_guide_go_together() -> None:
    """Somebody who sees helps: what was touched is read, and the keys go on from there."""
    one = customer(LEVELS, ("it", "en"))
    one.press(Key.OK)
    assert one.happens(flow.ChooseLanguage("en"))[0].startswith("What do you need?")
    assert one.happens(flow.OpenGroup("biz"))[1] == "Registro (en)."
    assert one.press(Key.OK)[-1] == "One moment."
    assert one.wanted == ["register"]


def test_another_language_can_be_chosen_later() -> None:
    one = customer()
    one.press(Key.OK, Key.OK)
    assert one.press(Key.PREVIOUS)[0] == "Un'altra lingua."
    assert one.press(Key.OK)[2] == "Italiano: premi OK."
    assert one.press(Key.PREVIOUS) == ["Français : appuyez sur OK."]
    assert one.press(Key.OK)[0].startswith("Choisissez")


def test_every_screen_can_be_read_and_an_unknown_one_leads_back() -> None:
    from typing import get_args

    known = set(get_args(flow.Screen))
    assert set(READERS) <= known
    one = customer(languages=("it",))
    one.press(Key.OK)
    one.state = replace(one.state, screen="a screen of tomorrow")
    one.settle()
    assert one.heard[-1] == "Questa pagina si legge solo sullo schermo. Per tornare indietro premi OK."


def test_long_waits_are_said_in_hours() -> None:
    long = plain("p", "P", wait_low_s=3600, wait_high_s=5460)
    menu = Menu(revision=1, groups=(MenuGroup(id="", services=(long,)),))
    heard = [customer(menu, (code,)).press(Key.OK)[3] for code in LANGUAGES]
    assert heard == [
        "Attesa: da 1 ora a 1 ora e 31 minuti.",
        "Wait: 1 hour to 1 hour and 31 minutes.",
        "Wartezeit: 1 Stunde bis 1 Stunde und 31 Minuten.",
        "Attente : de 1 heure à 1 heure et 31 minutes.",
    ]


def test_what_is_at_hand_is_marked_on_the_screen() -> None:
    """Who sees a little, or cannot reach the screen, follows it with the eyes."""
    one = customer(languages=("it", "en"))
    assert guide.focus(one.session) is None
    one.press(Key.OK, Key.NEXT)
    assert guide.focus(one.session) == flow.ChooseLanguage("en")
    one.press(Key.PREVIOUS, Key.OK)
    assert guide.focus(one.session) == Pick("passport")
    one.press(Key.NEXT)
    assert guide.focus(one.session) is None, "a closed service cannot be touched"
    one.press(Key.NEXT)
    assert guide.focus(one.session) == flow.ToggleAssisted()
