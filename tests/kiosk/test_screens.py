"""The screens on every size of glass: B1, B10. Big enough to touch and to read, in reach, nothing over another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pygame
import pytest

from kiosk import flow, moves
from kiosk.texts import LANGUAGES, OTHER_NAMES, Words
from kiosk.ui import layout, screens, theme
from kiosk.ui.canvas import Canvas
from kiosk.ui.layout import Box
from kiosk.ui.service_cards import Choice
from kiosk.ui.theme import Colour
from tests.kiosk.gallery import CASES, GLASS, LARGE, LETTERS, LOCAL, VIEW, Glass, picture, sketch, sketched, state
from tests.kiosk.legible import misplaced, out_of_reach, too_small

REFERENCE = GLASS["21 portrait"]


@pytest.fixture(autouse=True)
def _screen() -> Iterator[None]:
    pygame.display.init()
    pygame.display.set_mode((8, 8))
    yield
    pygame.display.quit()


NAMED = ("10 portrait", "10 landscape", "21 portrait", "21 landscape")
SHOWN = [(glass, language) for glass in GLASS for language in (LANGUAGES if glass in NAMED else ("de",))]


@pytest.mark.parametrize(("glass", "language"), SHOWN)
def test_large_enough_in_reach_and_nothing_cut_off_or_over_another(glass: str, language: str) -> None:
    for name, menu in CASES:
        canvas = sketch(name, language, GLASS[glass], menu, contrast=name == "assisted")
        assert too_small(canvas, GLASS[glass].px_per_mm) == [], name
        assert misplaced(canvas, pygame.Rect((0, 0), GLASS[glass].pixels)) == [], (name, menu)
        assert name == "attract" or out_of_reach(canvas, GLASS[glass]) == [], (name, menu)


@pytest.mark.parametrize("glass", LARGE)
def test_all_of_a_large_glass_that_is_touched_is_in_reach_from_a_wheelchair(glass: str) -> None:
    """EN 301 549 8.3: not its lower half, which on a portrait screen of 32 inches ends 35 cm above its edge, but so
    many millimetres; and what is only read grows with the glass."""
    whole = pygame.Rect((0, 0), LARGE[glass].pixels)
    for name, menu in CASES:
        canvas = sketch(name, "de", LARGE[glass], menu)
        assert name == "attract" or out_of_reach(canvas, LARGE[glass]) == [], (name, menu)
        assert too_small(canvas, LARGE[glass].px_per_mm) == [], (name, menu)
        assert misplaced(canvas, whole) == [], (name, menu)


def test_a_large_glass_is_read_from_afar_and_touched_below() -> None:
    glass = GLASS["32 portrait"]
    above = {name: sketch(name, "it", glass).text_boxes for name in ("choose", "take")}
    clocks = {name: [box.h for text, box in boxes if text == "09:41"] for name, boxes in above.items()}
    assert clocks["choose"] == clocks["take"], "the header is the same on all screens"
    assert clocks["take"][0] / glass.px_per_mm > 1.4 * _clock_mm(), "larger than on the reference"


def _clock_mm() -> float:
    [height] = [box.h for text, box in sketch("take", "it", REFERENCE).text_boxes if text == "09:41"]
    return height / REFERENCE.px_per_mm


@pytest.mark.parametrize("glass", NAMED[:2])
def test_a_simulated_clock_is_said_on_every_screen_without_covering_anything(glass: str) -> None:
    whole = pygame.Rect((0, 0), GLASS[glass].pixels)
    for name, menu in CASES:
        canvas = sketched(state(name, "de", menu), GLASS[glass], simulated=True)
        assert "Simulierte Uhr" in [text for text, _size in canvas.texts], name
        if name != "attract":
            assert misplaced(canvas, whole) == [], (name, menu)


def test_portrait_puts_what_is_touched_into_the_lower_part() -> None:
    canvas = sketch("choose", "it", REFERENCE, "twelve")
    assert min(target.rect.top for target in canvas.targets) / REFERENCE.pixels[1] >= 0.38


def test_colours_are_readable() -> None:
    for palette in theme.PALETTES:
        assert [pair for pair in palette.pairs() if theme.contrast(*pair) < 7] == [], palette.name
        # a button stands out from what is around it
        assert [pair for pair in palette.edges() if theme.contrast(*pair) < 3] == [], palette.name
    assert theme.contrast(theme.CONTRAST.ink, theme.CONTRAST.ground) == 21


def test_what_can_be_touched() -> None:
    canvas = sketch("choose", "it", REFERENCE)
    actions = [target.action for target in canvas.targets]
    assert [a for a in actions if isinstance(a, flow.ChooseLanguage)] == [
        flow.ChooseLanguage(code) for code in LANGUAGES
    ]
    assert [getattr(a, "service", None) for a in actions if hasattr(a, "service")] == ["s0", "s1", "s2"]
    assert {flow.ToggleAssisted(), moves.ToggleEasy(), moves.OpenEntry("check_in"), moves.OpenEntry("rejoin")} <= set(
        actions
    )
    texts = [text for text, _size in canvas.texts]
    assert {"Chiuso adesso · Apre alle 14:00", "09:41"} <= set(texts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("glass", GLASS.values(), ids=GLASS)
def test_who_has_a_number_already_is_told_what_to_do(glass: Glass, language: str) -> None:
    """B6 B7: appointment and missed call are both named on the first screen, and the QR code where one is read."""

    def said(shown: flow.State) -> str:
        return " ".join(text for text, _size in sketched(shown, glass).texts)

    words = Words(language)
    small = layout.measure(glass.pixels, glass.diagonal_in).small
    named = ["visit.have"] if small else ["visit.appointment", "visit.missed"]
    hints = words.say("visit.scan_short"), words.say("visit.scan")
    for shown in (state("choose", language), state("choose", language, "twelve")):
        for key in named:
            assert words.say(key) in said(shown)
        assert any(hint in said(shown) for hint in hints)
        without = said(replace(shown, house=moves.House(letters=LETTERS)))
        assert not any(hint in without for hint in hints)


@pytest.mark.parametrize("glass", GLASS.values(), ids=GLASS)
def test_a_service_that_is_full_says_why_and_that_it_opens_tomorrow(glass: Glass) -> None:
    pages = [replace(state("choose", "en", "twelve"), screen=flow.Choose(page=page)) for page in range(2)]
    said = " ".join(text for page in pages for text, _size in sketched(page, glass).texts).replace(" · ", " ")
    assert "No more tickets today Opens tomorrow at 08:30" in said


@pytest.mark.parametrize("glass", GLASS.values(), ids=GLASS)
def test_the_wait_is_said_with_each_service_also_on_small_glass(glass: Glass) -> None:
    """B9: in as many words as there is room for."""
    for language in LANGUAGES:
        words = Words(language)
        said = [text for text, _size in sketch("choose", language, glass).texts]
        for forms in (
            (words.count("waiting", 1), words.say("waiting.short", n=1)),
            ("10–20", words.wait(600, 1200).split(": ")[-1]),
        ):
            assert any(form in text for text in said for form in forms), (language, forms, said)


def test_no_text_of_a_card_runs_into_its_sign() -> None:
    for glass, language in product(("17 square", "32 portrait", "21 landscape"), LANGUAGES):
        canvas = sketch("choose", language, GLASS[glass], "four")
        cards = [one.rect for one in canvas.targets if isinstance(one.action, Choice)]
        sign = canvas.px(86 + 44)
        for card in cards:
            inside = [box for _text, box in canvas.text_boxes if card.contains(box)]
            assert inside
            assert all(box.right <= card.right - sign for box in inside), (glass, language)


class Torn(Canvas):
    """Notes where slips are torn off, in pixels from above."""

    at_y = 0

    def ticket(self, box: Box, colour: Colour, notch_y: float) -> None:
        del colour
        self.at_y = self.at(0, box.y + notch_y)[1]


def test_a_number_that_waits_for_its_paper_is_not_crossed_by_where_it_is_torn_off() -> None:
    for name, glass in product(("held", "stopped"), NAMED):
        found = layout.nearest(GLASS[glass].pixels, GLASS[glass].diagonal_in)
        canvas = Torn(pygame.Surface(GLASS[glass].pixels), layout=found)
        screens.paint(canvas, state(name, "de"), VIEW)
        number = next(box for text, box in canvas.text_boxes if text == "AA1000")
        assert 0 < number.bottom <= canvas.at_y + 1, (name, glass)


@pytest.mark.parametrize("glass", GLASS.values(), ids=GLASS)
def test_a_refusal_names_the_next_opening_with_its_date(glass: Glass) -> None:
    """B9: in the customer's language; also when the menu learns it only after the refusal."""
    for language, opening in (
        ("it", "Prossima apertura: martedì 24 novembre, ore 08:30."),
        ("en", "Next opening: Tuesday 24 November, 08:30."),
        ("de", "Nächste Öffnung: Dienstag, 24. November, 08:30 Uhr."),
        ("fr", "Prochaine ouverture : mardi 24 novembre, 08:30."),
    ):
        for contrast in (False, True):
            canvas = sketch("sorry_opens", language, glass, "twelve", contrast=contrast)
            said = " ".join(text for text, _size in canvas.texts)
            assert opening in said
            assert Words(language).say("sorry.limit_reached") in said
    assert "Next opening" not in " ".join(text for text, _size in sketch("sorry_opens", "en", glass).texts)


@pytest.mark.parametrize("glass", GLASS.values(), ids=GLASS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_whose_paper_is_held_is_told_that_the_place_is_kept(glass: Glass, language: str) -> None:
    """B3 B4: on the smallest glass too."""
    said = " ".join(text for text, _size in sketch("stopped", language, glass).texts)
    words = Words(language)
    assert words.say("stopped.ask") in said
    assert words.say("stopped.place") in said or words.say("stopped.keep") in said


@pytest.mark.parametrize("glass", GLASS.values(), ids=GLASS)
def test_every_service_is_on_some_page(glass: Glass) -> None:
    found: list[str] = []
    for page in range(12):
        shown = replace(state("choose", "de", "twelve"), screen=flow.Choose(page=page))
        view = replace(VIEW, diagonal_in=glass.diagonal_in)
        targets = screens.draw(pygame.Surface(glass.pixels), shown, view)
        services = [target.action.service for target in targets if hasattr(target.action, "service")]
        if services and services[0] in found:
            break
        found += services
    assert found == [f"s{at}" for at in range(12) if at != 1]


@pytest.mark.parametrize("glass", GLASS.values(), ids=GLASS)
def test_any_number_of_languages_can_be_chosen(glass: Glass) -> None:
    """Names of languages, no flags: beside each other where they fit, else behind one button, in pages."""
    many = (*LANGUAGES, *OTHER_NAMES)
    found: list[str] = []
    for page in range(9):
        for screen in (flow.Choose(), moves.Languages(page)):
            shown = replace(state("choose", "it"), languages=many, screen=screen)
            canvas = sketched(shown, glass)
            assert misplaced(canvas, pygame.Rect((0, 0), glass.pixels)) == []
            assert too_small(canvas, glass.px_per_mm) == []
        found += [t.action.language for t in canvas.targets if isinstance(t.action, flow.ChooseLanguage)]
        if len(found) >= len(many):
            break
    assert found == list(many)


def test_the_keypad_has_the_offices_letters() -> None:
    keys = [t.action.value for t in sketch("label", "it", REFERENCE).targets if isinstance(t.action, moves.Key)]
    assert keys == [*LETTERS, *"0123456789", "back"]
    codes = [t.action.value for t in sketch("code", "it", REFERENCE).targets if isinstance(t.action, moves.Key)]
    assert codes == [*"0123456789ABCDEFGHJKMNPQRSTVWXYZ", "back"]


def test_out_of_service_says_why_in_all_languages() -> None:
    texts = {text for text, _size in sketch("paper_out", "de", REFERENCE).texts}
    assert {
        "La carta è finita.", "The paper has run out.", "Das Papier ist zu Ende.", "Il n'y a plus de papier."
    } <= texts  # fmt: skip


def test_a_pressed_button_shows_it() -> None:
    surface = picture("choose", "it", REFERENCE)
    target = next(t for t in sketch("choose", "it", REFERENCE).targets if hasattr(t.action, "service"))
    before = surface.get_at(target.rect.move(-20, 0).midright)
    screens.draw(surface, state("choose", "it"), VIEW, target.action)
    assert surface.get_at(target.rect.move(-20, 0).midright) != before


def test_the_resting_screen_is_touched_anywhere_and_does_not_stay_in_one_place() -> None:
    def clock_at(minute: int) -> pygame.Rect:
        canvas = Canvas(pygame.Surface(REFERENCE.pixels))
        local = LOCAL.replace(minute=minute)
        screens.paint(canvas, state("attract", "it"), replace(VIEW, local=local))
        assert [target.rect.size for target in canvas.targets] == [REFERENCE.pixels]
        return next(box for text, box in canvas.text_boxes if text == f"09:{minute:02}")

    assert len({clock_at(minute).topleft for minute in range(8)}) >= 6


def test_a_screen_that_is_too_small_is_refused_and_still_drawn() -> None:
    with pytest.raises(layout.TooSmall, match=r"7 inches .* too small .* 10.1 inches"):
        layout.measure((1024, 600), 7)
    shown = replace(VIEW, diagonal_in=7)
    targets = screens.draw(pygame.Surface((1024, 600)), state("choose", "it"), shown)
    assert targets
    assert layout.measure((800, 1280), 10.1).small
