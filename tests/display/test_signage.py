"""C4, C5: what stands beside the calls. Slides never cover one; who waits reads why somebody came first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dispatcher.wire.messages import DisplayConfig, Look, Notice, Slide
from display import board as model
from display import outfit, signage, view
from display.draw import pictures as pictures_of_office
from display.draw.theme import Theme
from display.scenes.slide import Block, blocks, paged
from display.view import BoardView
from tests.display import gallery, pictures
from tests.display.samples import NINE, NOTICE, QUEUES, TEN, board, call, config, event, heartbeat, known, missed

HILLS = Slide(id="hills", picture=gallery.photograph(), seconds=20)
PAGE = Slide(id="bring", text={"it": "# Portare\n- documento", "en": "# Bring\n- document", "pl": "x"}, seconds=5)


def _view(state: model.State, at_s: float = 0.0) -> BoardView:
    made = view.compose(state, at_s, NINE, "hall")
    assert isinstance(made, BoardView)
    return made


def _named(layout: str, **changed: object) -> DisplayConfig:
    counters = ("3",) if layout == "counter" else None
    return config(layout=layout, counters=counters, **changed)


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize("layout", gallery.LAYOUTS)
def test_slides_never_cover_a_call(layout: str) -> None:
    """With and without slides the call is the same picture, pixel by pixel, in its whole card."""
    magenta = Slide(id="m", picture=gallery.encoded(gallery.Image.new("RGB", (400, 300), (255, 0, 255)), "PNG"))
    full = board(1, *TEN[:3], queues=QUEUES, notices=(NOTICE,), missed=missed("A031"))
    for size in ((1920, 1080), (1080, 1920)):
        with_slides = _view(known(_named(layout, slides=(magenta,)), full, heartbeat(1)))
        without = _view(known(_named(layout), full, heartbeat(1)))
        shown, plain = (pictures.drawn(each, size) for each in (with_slides, without))
        card = pictures.area_of(shown, Theme().card)
        assert shown.crop(card).tobytes() == plain.crop(card).tobytes()
        assert (255, 0, 255) not in set(shown.crop(card).get_flattened_data())
        seen = (255, 0, 255) in set(shown.resize((size[0] // 4, size[1] // 4), 0).get_flattened_data())
        assert seen == (layout == "split" or (layout == "totem" and size[0] < size[1]))


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize("layout", ["call", "list", "zone"])
def test_slide_stands_where_no_call_is_and_goes_when_one_comes(layout: str) -> None:
    state = known(_named(layout, slides=(HILLS,)), board(1, queues=QUEUES), heartbeat(1))
    sky = (43, 72, 119)
    between = pictures.drawn(_view(state)).resize((192, 108), 0)
    assert any(max(map(abs, map(int.__sub__, pixel, sky))) < 6 for pixel in between.get_flattened_data())
    called = model.step(model.receive(state, event(TEN[0]), model.Moment(0.0, NINE)), 0.0)[0]
    picture = pictures.drawn(_view(called, 0.5))
    assert pictures.area_of(picture, Theme().card_new)
    stale = _view(state, 6.0)
    assert stale.stale
    assert sky not in set(pictures.drawn(stale).resize((192, 108), 0).get_flattened_data())


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize("layout", ["call", "zone"])
def test_waits_stand_under_the_slide_between_calls(layout: str) -> None:
    """C5: also in layouts that have no place for them beside a call."""
    named = _named(layout, slides=(PAGE,), languages=("it",))
    picture = pictures.drawn(_view(known(named, board(1, queues=QUEUES[:2]), heartbeat(1))))
    said = pictures.read_page(picture, (0, 760, 1920, 1080))
    assert [word in said for word in ("Attesa prevista", "Passaporti", "10-18 min")] == [True] * 3, said
    called = pictures.drawn(_view(known(named, board(1, TEN[0], queues=QUEUES[:2]), heartbeat(1))))
    assert "Attesa prevista" not in pictures.read_page(called, (0, 760, 1920, 1080))


def test_slides_turn_each_in_its_time_and_in_the_languages_of_the_office() -> None:
    state = known(config(slides=(HILLS, PAGE)), board(1), heartbeat(1))

    def shown(at_s: float) -> str:
        slide = _view(state, at_s).signage.slide
        assert slide is not None
        return slide.id if slide.picture else slide.text.split("\n")[0]

    assert [shown(at) for at in (0.0, 19.9, 20.0, 25.0, 30.0)] == ["hills", "hills", "# Portare", "# Bring", "hills"]
    assert [view.next_change(state, _view(state, at), at) for at in (1.0, 21.0, 26.0)] == [20.0, 25.0, 30.0]


def test_slide_is_shown_from_until() -> None:
    slide = PAGE.model_copy(update={"since": NINE, "until": NINE + timedelta(minutes=1)})
    for shift, shown in ((-1, False), (0, True), (60, False)):
        beat = heartbeat(1, at=NINE + timedelta(seconds=shift))
        state = known(config(slides=(slide,)), board(1), beat)
        assert (_view(state).signage.slide is not None) is shown, shift


def test_picture_that_cannot_be_read_is_left_out_and_told_to_the_office() -> None:
    broken = Slide(id="broken", picture="bm90IGEgcGljdHVyZQ==")
    settings = config(slides=(broken, PAGE))
    slide = _view(known(settings, board(1), heartbeat(1))).signage.slide
    assert slide is not None
    assert slide.id == "bring"
    said = outfit.faults(settings, (1920, 1080))
    assert said == {"slide_unreadable": "Pictures that cannot be read are left out: broken."}
    bomb = gallery.encoded(gallery.Image.new("1", (9000, 9000)), "PNG")
    assert "the most is 40 million" in pictures_of_office.fault(bomb)


def test_page_of_markdown_is_taken_apart() -> None:
    page = (
        "# What to bring #\n\nA **valid** [document](https://example.org),\nand a _recent_ photo\n"
        "- one\n  more\n2. two\n---\n## End"
    )
    assert blocks(page) == (
        Block("What to bring", size=1.5, weight="bold"),
        Block("A valid document, and a recent photo"),
        Block("one more", mark="•"),
        Block("two", mark="2."),
        Block(""),
        Block("End", size=1.2, weight="bold"),
    )


@pytest.mark.usefixtures("screen")
def test_page_is_written_and_a_long_one_stays_within_its_panel() -> None:
    long = Slide(id="long", text={"it": "# Titolo\n" + "Una frase che continua ancora un poco. " * 30})
    picture = pictures.drawn(_view(known(_named("split", slides=(long,)), board(1, TEN[0]), heartbeat(1))))
    card, theme = pictures.area_of(picture, Theme().card), Theme()
    beside = picture.crop((card[2] + 1, 110, 1920, 1070))
    panel = pictures.area_of(beside, theme.panel)
    outside = beside.crop((0, panel[3] + 1, beside.width, beside.height))
    assert set(outside.get_flattened_data()) == {theme.background}
    small = Slide(id="small", text={"it": "# Che cosa portare\n- Un documento"})
    picture = pictures.drawn(_view(known(_named("split", slides=(small,)), board(1, TEN[0]), heartbeat(1))))
    assert "Che cosa portare" in pictures.read(picture, (1030, 450, 1880, 590))


ITEMS = (
    "passaporto scaduto", "marca da bollo", "due fotografie", "codice fiscale", "ricevuta del pagamento",
    "denuncia di smarrimento", "permesso di soggiorno", "certificato di nascita", "delega firmata", "modulo compilato",
    "consenso dei genitori", "tessera sanitaria",
)  # fmt: skip


@pytest.mark.usefixtures("screen")
def test_every_item_of_a_long_page_is_seen() -> None:
    """C5: beside calls, waits and the missed there is little room: the rest stands on further pages, by turns."""
    long = Slide(id="long", text={"it": "# Che cosa portare\n" + "".join(f"- {item}\n" for item in ITEMS)}, seconds=5)
    full = board(1, *TEN, queues=QUEUES, notices=(NOTICE,), missed=missed("A031", "A032", "A033", "A034", "A035"))
    state = known(_named("split", slides=(long, HILLS)), full, heartbeat(1))
    read, at_s, seen = "", 0.0, set()
    while at_s < 60:
        shown = _view(model.receive(state, heartbeat(1), model.Moment(at_s, NINE)), at_s)
        assert shown.signage.slide is not None
        picture = pictures.drawn(shown).crop((1000, 104, 1880, 470))
        if shown.signage.slide.text and picture.tobytes() not in seen:
            seen.add(picture.tobytes())
            read += pictures.read_page(picture, (0, 0, *picture.size))
        at_s = signage.next_change(state, at_s)
    assert [item for item in ITEMS if item not in read] == []
    assert "Che cosa portare" in read


def test_long_page_stays_for_as_long_as_it_takes_to_read() -> None:
    long = Slide(id="long", text={"it": "\n".join(f"- {item}" for item in ITEMS)}, seconds=5)
    state = known(config(slides=(long, HILLS)), board(1), heartbeat(1))

    def shown(at_s: float) -> tuple[str, int]:
        slide = _view(state, at_s).signage.slide
        assert slide is not None
        return slide.id, slide.turn

    assert [signage.next_change(state, at) for at in (0.0, 5.0, 10.0, 30.0)] == [5.0, 10.0, 30.0, 35.0]
    assert [shown(at) for at in (0.0, 5.0, 10.0, 30.0, 35.0)] == [
        ("long", 0), ("long", 1), ("hills", 0), ("long", 2), ("long", 3)
    ]  # fmt: skip


def test_page_is_broken_between_items_and_never_behind_a_heading() -> None:
    text = "- uno\n- due\n- tre\n# Altro\n- quattro\n---\n- cinque"
    pages = paged(text, (600, 190), 100, "regular", "bold")
    assert [[line.text for line in page.lines] for page in pages] == [
        ["uno", "due", "tre"],
        ["Altro", "quattro"],
        ["cinque"],
    ]
    assert all(page.lines[0].top == 0 and page.height <= 190 for page in pages)
    assert len(paged(text, (600, 900), 100, "regular", "bold")) == 1
    assert paged("una", (600, 10), 100, "regular", "bold")[0].lines[0].text == "una"


def test_appointment_that_overtakes_is_explained_for_a_while() -> None:
    """A2: the doubled letter, and others who wait for the same service."""
    first = call("AA07", "1")
    state = model.step(known(config(), board(1, first, *TEN[2:4], queues=QUEUES), event(first), heartbeat(1)), 0.0)[0]
    words = "Gli appuntamenti, con la lettera doppia, sono chiamati al loro orario."
    beating = model.receive(state, heartbeat(1), model.Moment(19.0, NINE))
    assert [_view(beating, at).notice for at in (0.0, 19.9, 20.0)] == [words, words, ""]
    assert signage.next_change(beating, 5.0) == 20.0
    alone = known(config(), board(1, first, queues=QUEUES[2:3]), event(first))
    walk_in = known(config(), board(1, TEN[0], queues=QUEUES), event(TEN[0]))
    for other in (alone, walk_in):
        assert _view(model.step(other, 0.0)[0]).notice == ""


def test_explanation_gives_the_line_back_to_the_messages() -> None:
    first = call("AA07", "1")
    notice = Notice(id="n", text={"it": "Lo sportello 2 chiude alle 12:00."})
    made = known(config(), board(1, first, queues=QUEUES, notices=(notice,)), event(first), heartbeat(1))
    state = model.step(made, 0.0)[0]
    assert [_view(state, at).notice[:2] for at in (1.0, 21.0)] == ["Gl", "Lo"]


def test_closed_office_says_when_it_opens() -> None:
    quiet = board(1, queues=tuple(row.model_copy(update={"waiting": 0}) for row in QUEUES))
    tomorrow = _view(known(config(), quiet, gallery.menu(), heartbeat(1)))
    assert tomorrow.no_calls == "Chiuso · Apre martedì alle 08:30"
    soon = gallery.menu(opens_in=timedelta(hours=4))
    assert _view(known(config(languages=("en",)), quiet, soon)).no_calls == "Closed · Opens at 14:30"
    later = gallery.menu(opens_in=timedelta(days=9))
    assert _view(known(config(languages=("de",)), quiet, later)).no_calls.endswith("Mittwoch, 2. Dezember um 10:30 Uhr")


def test_screen_over_a_counter_says_the_break_at_noon_and_then_the_evening() -> None:
    """An office that opens twice a day: each time the next opening, in between nothing of it."""
    settings = config(layout="counter", counters=("3",), counter_names={"3": "3"})
    quiet = board(1, queues=tuple(row.model_copy(update={"waiting": 0}) for row in QUEUES))
    noon, evening = gallery.menu(opens_in=timedelta(hours=3.5)), gallery.menu(opens_in=timedelta(hours=22))
    service = noon.groups[0].services[0].model_copy(update={"open": True, "reason": None, "opens_at": None})
    opened = noon.model_copy(update={"groups": (noon.groups[0].model_copy(update={"services": (service,)}),)})
    state, told = known(settings, quiet, heartbeat(1)), []
    for hours, menu in ((0, noon), (3.4, noon), (3.5, opened), (8, evening), (15, evening)):
        at = NINE + timedelta(hours=hours)
        for message in (menu.model_copy(update={"revision": 1}), heartbeat(1, at=at)):
            state = model.receive(state, message, model.Moment(0.0, NINE))
        told.append(_view(state).no_calls)
    assert told == [
        "Chiuso · Apre alle 14:00",
        "Chiuso · Apre alle 14:00",
        "Nessuna chiamata in corso",
        "Chiuso · Apre martedì alle 08:30",
        "Chiuso · Apre alle 08:30",
    ]


def test_office_is_not_closed_while_somebody_waits_or_is_called() -> None:
    for shown in (board(1, queues=QUEUES), board(1, TEN[0])):
        assert _view(known(config(), shown, gallery.menu())).no_calls == "Nessuna chiamata in corso"
    assert _view(known(config(), board(1))).no_calls == "Nessuna chiamata in corso"


def test_missed_are_told_what_to_do() -> None:
    made = _view(known(config(), board(1, missed=missed("A031")), heartbeat(1)))
    assert made.signage.missed_hint == "Il vostro numero è qui? Rivolgetevi al personale con il biglietto."
    assert _view(known(config(), board(1), heartbeat(1))).signage.missed_hint == ""


def test_reduced_motion_is_a_still_picture_until_the_call_is_no_longer_new() -> None:
    settings = config(motion="reduced")
    state = model.step(known(settings, board(1, TEN[0]), event(TEN[0]), heartbeat(1)), 0.0)[0]
    assert [_view(state, at / 10).glow for at in range(30)] == [0] * 30
    assert _view(state, 0.1) == _view(state, 2.4)
    assert view.next_change(state, _view(state, 0.1), 0.1) == view.FRESH_S


def test_no_light_changes_more_than_three_times_a_second() -> None:
    """WCAG 2.3.1: pairs of opposite changes of the card's light in any second of an announcement."""
    state = model.step(known(config(), board(1, TEN[0]), event(TEN[0]), heartbeat(1)), 0.0)[0]
    light = [_view(state, at / 100).glow for at in range(400)]
    turns = [at for at in range(1, 399) if (light[at] - light[at - 1]) * (light[at + 1] - light[at]) < 0]
    ends = [at for at in range(1, 400) if light[at] != light[at - 1]]
    rises = [at for at in ends if light[at] > light[at - 1]]
    starts = [at for at in rises if at - 1 not in rises and not any(0 < at - other < 30 for other in rises)]
    assert max((sum(1 for other in starts if 0 <= other - at < 100) for at in starts), default=0) <= 3
    assert len(turns) <= 6


def test_another_look_is_another_picture() -> None:
    state = known(config(), board(1, TEN[0]), heartbeat(1))
    other = model.receive(state, config(theme=Look(density="airy")), model.Moment(0.0, NINE))
    assert _view(state) != _view(other)


def test_theme_of_a_screen_has_the_colours_of_the_file() -> None:
    assert outfit.theme_of(config(theme=Look(colours={"counter": "#f4d35e"}))).counter == (244, 211, 94)
    assert outfit.theme_of(config(theme=Look(colours={"sky": "#000000"}))) == Theme()
    weak = config(theme=Look(colours={"card_text": "#999999"}))
    assert "contrast_low" in outfit.faults(weak, (1920, 1080))
