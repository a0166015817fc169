"""The spoken guide at work: its keys in, its voice out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dispatcher.wire.clock import Clock
from dispatcher.wire.messages import KioskConfig
from dispatcher.wire.speech import Clips
from kiosk import flow
from kiosk.aid import Brought, Put, Scene
from kiosk.devices.port import Port
from kiosk.speech import guide
from kiosk.speech.guide import Key, Session, Turn
from kiosk.speech.keys import FourKeys
from kiosk.speech.voice import Output, Voice
from kiosk.speech.words import Said
from kiosk.texts import Words
from kiosk.ui.window import Stroke

log = logging.getLogger(__name__)

KEYBOARD = "keyboard"
STOP_S = 0.3


@dataclass(frozen=True)
class Keys(Brought):
    """What was done with the four keys."""

    keys: tuple[Key, ...]


def _mixer() -> Output:
    from kiosk.speech.sound import Mixer

    return Mixer()


class SpeechAid:
    """`aid.Aid`. Without a voice or a sound card it says so, and the keys still choose."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        put: Put,
        *,
        output: Callable[[], Output] = _mixer,
        heard: Callable[[Said], None] | None = None,
    ) -> None:
        self._folder = folder / "speech"
        self._clock = clock
        self._put = put
        self._output = output
        self._heard = heard or _log
        self._voice: Voice | None = None
        self._port: Port | None = None
        self._keys: str | None = None
        self._four = FourKeys()
        self._gone = False
        self._wrong: str | None = None
        self._session = Session()

    @property
    def focus(self) -> object:
        return guide.focus(self._session)

    def use(self, config: KioskConfig) -> None:
        keys = (config.keys or KEYBOARD) if config.voice else None
        if config.voice and self._voice is None:
            clips = Clips(self._folder)
            self._voice = Voice(clips, self._output(), heard=self._heard, changed=lambda: self._put(Brought()))
            self._voice.start()
        elif not config.voice and self._voice is not None:
            self._voice.stop(STOP_S)
            self._voice, self._session = None, Session()
        if keys != self._keys:
            self._keys = keys
            self._listen()

    def take(self, item: object, state: flow.State, scene: Scene) -> Sequence[object]:
        match item:
            case Keys(keys):
                pass
            case Stroke(name, down) if self._keys == KEYBOARD:
                keys = tuple(self._four.named(name, down, self._clock.monotonic()))
            case _:
                return ()
        events: list[object] = []
        for key in keys:
            if self._voice and key not in (Key.REPEAT, Key.VOLUME):
                self._voice.click(self._session.volume)
            events += self._turn(guide.press(self._session, key, state, scene, self._clock.monotonic()))
        return events

    def follow(self, state: flow.State, scene: Scene) -> Sequence[object]:
        return self._turn(guide.follow(self._session, state, scene, self._clock.monotonic()))

    def answered(self, order: str, code: str | None) -> bool:
        del order, code
        return False

    def problems(self, words: Words) -> dict[str, str]:
        found = {code: words.say(f"speech.{code}") for code in (self._voice.faults if self._voice else ())}
        if self._wrong is not None:
            found["keys_wrong"] = words.say("speech.keys_wrong", detail=self._wrong)
        if self._gone:
            found["keys_gone"] = words.say("speech.keys_gone", port=self._keys)
        return found

    def stop(self, timeout_s: float) -> None:
        if self._port:
            self._port.stop(timeout_s)
        if self._voice:
            self._voice.stop(timeout_s)

    def _turn(self, turn: Turn) -> Sequence[object]:
        before, self._session = self._session, turn.session
        if before.stage is not turn.session.stage:
            log.info("event=guide_is stage=%s", turn.session.stage)
        if turn.speech and self._voice:
            self._voice.say(turn.speech, turn.session.volume)
        return turn.events

    # -- the keys' own thread

    def opened(self) -> None:
        self._four = FourKeys()
        self._tell_gone(False)

    def gone(self, reason: str) -> None:
        if not self._gone:
            log.warning("event=keys_gone port=%s reason=%r", self._keys, reason)
        self._tell_gone(True)

    def data(self, data: bytes) -> None:
        keys = self._four.feed(data, self._clock.monotonic())
        if keys:
            self._put(Keys(tuple(keys)))

    def _tell_gone(self, gone: bool) -> None:
        if gone != self._gone:
            self._gone = gone
            self._put(Brought())

    def _listen(self) -> None:
        if self._port:
            self._port.stop()
        self._port, self._gone, self._wrong, self._four = None, False, None, FourKeys()
        if self._keys is None or self._keys == KEYBOARD:
            return
        try:
            self._port = Port(self._keys, serial=False, listener=self)
            self._port.start()
        except ValueError as error:
            self._wrong = str(error)


def _log(said: Said) -> None:
    log.info("event=said language=%s text=%r", said.language, said.text)
