"""What of the calls is heard, when and how loud: the queue of speech, the clips and the loudspeaker together.

Screens of one room have one mouth: the first of them, in the order of the office's file, that is on line and can speak
(one that can only chime comes behind it) sounds the calls of the whole room, one after the other. The others keep the
same queue in silence and strike out what the speaker says that it has begun, in its status; when it is gone, the next
one goes on with what has not been said.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from datetime import time

from dispatcher.wire.messages import CounterState, DisplayConfig
from dispatcher.wire.speech import length_s
from display import board, speaking, spoken, texts
from display.announce import Announcement
from display.sound import Player, Sounding, chime
from display.spoken import Pause
from display.voice import Voice
from display.volume import percent_at

log = logging.getLogger(__name__)

CLIPS_WITHIN_S = 1.5
"""So long a call waits for clips that were never made before; then its chime sounds alone."""
AFTER_CHIME = Pause(0.1)
GRADES = ("none", "chime", "voice")
"""What a screen can sound, the least first; the word in its status."""


@dataclass(frozen=True)
class PeerSaid:
    """What another screen's status says: whether it can sound calls, and the last call that it began to sound."""

    device: str
    grade: str
    said: str | None


@dataclass(frozen=True)
class CounterSaid:
    """Who is at a counter now."""

    counter: str
    state: CounterState


class Mouth:
    """All on the screen's thread. Without `voice` calls are chimed only; `device` is this screen's own id."""

    def __init__(self, player: Player, voice: Voice | None, device: str) -> None:
        self._player = player
        self._voice = voice
        self._device = device
        self._queue = speaking.Speaking()
        self._config: DisplayConfig | None = None
        self._peers: dict[str, PeerSaid] = {}
        self._unseen: frozenset[str] = frozenset()
        self._asked: tuple[str, float] | None = None
        self._last: str | None = None
        self._in_touch = False
        self._prepared = False

    # -- what comes

    def use(self, config: DisplayConfig) -> None:
        """The settings; what the office's calls are made of is made ready."""
        self._config = config
        self._queue = speaking.keep(self._queue, self._concerns)
        self._prepared = False
        self._prepare()

    def peer(self, said: PeerSaid) -> None:
        """A screen of the room has said something of itself."""
        if said.device != self._device:
            self._peers[said.device] = said
            if said.said:
                self._queue = speaking.said(self._queue, said.said)

    def counter(self, said: CounterSaid) -> None:
        """Who is at a counter: a ticket that is called there no longer is not spoken.

        A call is posted before its counter's new state, so that what comes later speaks of the time after it.
        """
        ticket = said.state.ticket
        called = ticket.label if ticket and ticket.state == "called" else None
        self._queue = speaking.keep(
            self._queue, lambda each: each.call.counter != said.counter or each.call.label == called
        )

    def heard(self, announcement: Announcement) -> None:
        """A call has come; one that only others of this room show is spoken all the same."""
        if announcement.sounds(announcement.heard_at) and self._concerns(announcement):
            self._queue = speaking.add(self._queue, announcement)

    def follow(self, state: board.State) -> None:
        """Withdrawn calls, and those of an epoch that is over, end at once."""

        def stands(each: Announcement) -> bool:
            return each.call.call_id not in state.withdrawn and each.call.epoch not in state.retired

        self._queue = speaking.keep(self._queue, stands)
        current, floor = self._queue.current, self._player.floor
        if current is not None and not stands(current):
            self._queue = speaking.hush(self._queue)
            if floor.call_id != current.call.call_id:
                return
            floor.give_up()
            self._player.stop()
            log.info("event=call_silenced label=%s call=%s", current.call.label, current.call.call_id)

    # -- what is due

    def turn(self, unseen: tuple[Announcement, ...], monotonic: float, at: time, *, in_touch: bool) -> None:
        """Begin with the next call if its turn has come.

        `unseen`: those that the screen has still to show, which sound then; `in_touch`: the dispatcher is heard. A
        screen of a room that is out of touch cannot know who speaks, and keeps still.
        """
        self._in_touch = in_touch
        self._prepare()
        self._unseen = frozenset(each.call.call_id for each in unseen)
        floor = self._player.floor
        self._queue = speaking.keep(
            self._queue, lambda each: each.sounds(monotonic) and each.call.call_id not in floor.said
        )
        if monotonic < floor.until or not self._has_next():
            return
        sounding = self._sounding(self._queue.waiting, monotonic, at)
        if sounding is None:
            return
        first = sounding.announcement
        self._queue = speaking.begin(self._queue, monotonic, length_s(sounding.samples))
        self._last = first.call.call_id
        floor.take(self._last, self._queue.until)
        self._player.announce(sounding)
        log.info(
            "event=call_sounded label=%s counter=%s call=%s seconds=%.1f brief=%s volume=%d",
            first.call.label,
            first.call.counter,
            first.call.call_id,
            length_s(sounding.samples),
            sounding.brief,
            sounding.percent,
        )

    def due(self, monotonic: float) -> float:
        """When the next call may begin to sound, in wall seconds."""
        if not self._has_next():
            return math.inf
        if monotonic < self._player.floor.until:
            return self._player.floor.until
        return self._asked[1] + CLIPS_WITHIN_S if self._asked else monotonic

    def busy_until(self, announcement: Announcement | None) -> float:
        """Until when that call is being said, in wall seconds: so long it keeps the screen if nobody hurries."""
        floor = self._player.floor
        is_said = announcement is not None and announcement.call.call_id == floor.call_id
        return floor.until if is_said else -math.inf

    # -- what is said of it

    @property
    def grade(self) -> str:
        """One of GRADES."""
        config = self._config
        if not self._player.works or config is None or config.volume == 0:
            return "none"
        return "voice" if config.voice and self._voice and not self._voice.fault else "chime"

    @property
    def last(self) -> str | None:
        """The id of the last call that began to sound here."""
        return self._last

    @property
    def fault(self) -> str:
        """Why calls are not spoken though they should be; empty: they are."""
        return self._voice.fault if self._voice and self._config and self._config.voice else ""

    # -- inside

    def _prepare(self) -> None:
        """Once for these settings, as soon as there is a loudspeaker."""
        config = self._config
        if not self._prepared and self._voice and config and config.voice and self._player.works:
            self._voice.prepare(spoken.vocabulary(spoken.languages_of("", config.languages)))
            self._prepared = True

    def _concerns(self, announcement: Announcement) -> bool:
        """Whether the call is shown here, or elsewhere in the room."""
        config, counter = self._config, announcement.call.counter
        if board.concerns(config, counter):
            return True
        if config is None or len(config.speakers) < 2:
            return False
        return config.room_counters is None or counter in config.room_counters

    def _has_next(self) -> bool:
        """Whether there is a call that may sound here once it is silent."""
        waiting = self._queue.waiting
        return bool(waiting) and waiting[0].call.call_id not in self._unseen and self._is_speaker()

    def _is_speaker(self) -> bool:
        if not self._player.works:
            return False
        order = self._config.speakers if self._config else ()
        if self._device not in order or len(order) == 1:
            return True
        if not self._in_touch:
            return False
        grades = {name: said.grade for name, said in self._peers.items()} | {self._device: self.grade}
        return self._device == max(order, key=lambda name: GRADES.index(grades.get(name, "none")))

    def _sounding(self, waiting: tuple[Announcement, ...], monotonic: float, at: time) -> Sounding | None:
        """The next call as sound; None while its clips are being made."""
        first, config = waiting[0], self._config
        if config is None:
            return None
        full, brief = self._sequences(first, config)
        if self._waits_for_clips(first, (*full, *brief), monotonic):
            return None
        if self._voice is None or self._voice.missing((*full, *brief)):
            full, brief = (), ()  # half a sentence would mislead: all of it, or the chime alone
        sounds = self._rendered(first, full, brief=False), self._rendered(first, brief, brief=True)
        is_brief = speaking.is_brief(waiting, monotonic, *map(length_s, sounds))
        said = brief if is_brief else full
        return Sounding(first, said, sounds[is_brief], percent_at(config.volume, at), is_brief)

    def _sequences(self, first: Announcement, config: DisplayConfig) -> tuple[spoken.Sequence, spoken.Sequence]:
        if not (self._voice and config.voice):
            return (), ()
        languages = spoken.languages_of(first.call.language, config.languages)
        home = config.languages[0] if config.languages else texts.FALLBACK

        def said(*, brief: bool) -> spoken.Sequence:
            return spoken.announcement(first.call, languages, home, recall=first.recall, brief=brief)

        return said(brief=False), said(brief=True)

    def _waits_for_clips(self, first: Announcement, sequence: spoken.Sequence, monotonic: float) -> bool:
        missing = self._voice.missing(sequence) if self._voice else ()
        if not self._voice or not missing:
            self._asked = None
            return False
        call_id = first.call.call_id
        if self._asked is None or self._asked[0] != call_id:
            self._asked = (call_id, monotonic)
            self._voice.prepare(missing, urgent=True)
        if self._voice.fault or monotonic >= self._asked[1] + CLIPS_WITHIN_S:
            self._asked = None
            return False
        return True

    def _rendered(self, first: Announcement, sequence: spoken.Sequence, *, brief: bool) -> bytes:
        sound = chime(recall=first.recall, brief=brief)
        return sound + self._voice.render((AFTER_CHIME, *sequence)) if self._voice and sequence else sound
