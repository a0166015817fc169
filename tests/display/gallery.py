"""The pictures that are kept: layouts, themes, languages and states, each pair of them at least once.

`python -m tests.display.gallery FOLDER` draws all of them anew into a folder, and contact sheets to look at.
"""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations, product
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from dispatcher.wire.looks import LIGHT
from dispatcher.wire.messages import DisplayConfig, Look, Menu, MenuGroup, MenuService, Notice, QueueLength, Slide
from display import board as model
from display import view
from display.view import BoardView
from tests.display.samples import NINE, TEN, board, call, config, event, heartbeat, known, missed

LAYOUTS = ("call", "list", "split", "zone", "counter", "totem")
THEMES = ("dark", "light", "office")
STATES = ("empty", "one", "ten", "missed", "stale", "closed", "slides")
LANGUAGES = ("it", "en", "de", "fr", "ar", "he", "hi", "zh")
FOLDER = Path(__file__).parent / "golden"
MOST = 80
MOST_WIDE = 960

SITES = {
    "it": "Camera di commercio",
    "en": "Chamber of commerce",
    "de": "Handelskammer Bozen",
    "fr": "Chambre de commerce",
    "ar": "غرفة التجارة",
    "he": "לשכת המסחר",
    "hi": "वाणिज्य मंडल",
    "zh": "商会办事处",
}
SERVICES = {
    "passport": {
        "it": "Passaporti",
        "en": "Passports",
        "de": "Pässe",
        "fr": "Passeports",
        "ar": "جوازات السفر",
        "he": "דרכונים",
        "hi": "पासपोर्ट",
        "zh": "护照",
    },
    "register": {
        "it": "Registro delle imprese",
        "en": "Company register",
        "de": "Handelsregister",
        "fr": "Registre des entreprises",
        "ar": "السجل التجاري",
        "he": "רשם החברות",
        "hi": "कंपनी रजिस्टर",
        "zh": "企业登记处",
    },
}
NOTICES = {
    "it": "Lo sportello 2 chiude alle 12:00.",
    "en": "Counter 2 closes at 12:00.",
    "de": "Schalter 2 schließt um 12:00 Uhr.",
    "fr": "Le guichet 2 ferme à 12 h 00.",
    "ar": "يغلق الشباك 2 الساعة 12:00. التذاكر مثل AA07 تُستدعى في موعدها.",
    "he": "דלפק 2 נסגר בשעה 12:00. כרטיסים כמו AA07 נקראים בזמנם.",
    "hi": "काउंटर 2 दोपहर 12:00 बजे बंद होगा। AA07 जैसे टिकट अपने समय पर बुलाए जाते हैं।",
    "zh": "2号窗口12:00关闭。AA07这样的预约号按预约时间叫号。",
}
_PAGE = "# {}\n- {}\n- {}\n- {}\n\n{}"
PAGES = {
    "it": _PAGE.format(
        "Che cosa portare",
        "**Documento** d'identità valido",
        "Una fotografia recente",
        "Il codice fiscale",
        "Senza documento la pratica non può essere aperta.",
    ),
    "en": _PAGE.format(
        "What to bring",
        "A valid **identity document**",
        "A recent photograph",
        "Your tax code",
        "Without a document we cannot begin.",
    ),
    "de": _PAGE.format(
        "Was Sie brauchen",
        "Einen gültigen **Ausweis**",
        "Ein aktuelles Foto",
        "Die Steuernummer",
        "Ohne Ausweis können wir nicht beginnen.",
    ),
    "fr": _PAGE.format(
        "Ce qu'il faut apporter",
        "Une **pièce d'identité** valable",
        "Une photo récente",
        "Le numéro fiscal",
        "Sans pièce d'identité, pas de dossier.",
    ),
    "ar": _PAGE.format(
        "ما يجب إحضاره", "وثيقة هوية سارية", "صورة حديثة", "الرقم الضريبي", "لا يمكن فتح الملف A045 بدون وثيقة."
    ),
    "he": _PAGE.format("מה להביא", "תעודה מזהה בתוקף", "תמונה עדכנית", "מספר מס", "בלי תעודה לא ניתן לפתוח תיק A045."),
    "hi": _PAGE.format(
        "क्या लाएँ", "मान्य पहचान पत्र", "हाल की तस्वीर", "कर संख्या", "पहचान पत्र के बिना फ़ाइल A045 नहीं खुल सकती।"
    ),
    "zh": _PAGE.format("请携带", "有效身份证件", "近期照片", "税号", "没有证件无法受理A045号业务。"),
}
ARROWS = {"it": "right", "de": "up", "fr": "down"}
GREEN = {
    "background": "#0b2b26",
    "panel": "#123b34",
    "line": "#2c5f55",
    "soft": "#b7d3cb",
    "counter": "#f4d35e",
    "card_text": "#0b2b26",
    "card_soft": "#1e4a41",
}


def logo() -> str:
    """The mark of an invented office."""
    image = Image.new("RGBA", (256, 256), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 8, 248, 248), fill=(244, 211, 94, 255))
    draw.polygon([(128, 44), (206, 180), (50, 180)], fill=(11, 43, 38, 255))
    return encoded(image, "PNG")


def photograph(width: int = 1200, height: int = 800) -> str:
    """A picture as an office would send one: hills under an evening sky."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for row in range(height):
        share = row / height
        draw.line((0, row, width, row), fill=(round(40 + 200 * share), round(70 + 90 * share), round(120 - 30 * share)))
    draw.ellipse((width * 0.62, height * 0.3, width * 0.76, height * 0.3 + width * 0.14), fill=(255, 236, 190))
    for place, colour in enumerate(((52, 78, 92), (34, 58, 66), (18, 36, 40))):
        top = height * (0.55 + 0.13 * place)
        points = [(x, top + 40 * ((x // 150 + place) % 3) - 30 * ((x // 300) % 2)) for x in range(0, width + 1, 150)]
        draw.polygon([(0, height), *points, (width, height)], fill=colour)
    return encoded(image, "JPEG")


def encoded(image: Image.Image, kind: str) -> str:
    out = io.BytesIO()
    image.save(out, kind)
    return base64.b64encode(out.getvalue()).decode("ascii")


@dataclass(frozen=True)
class Sample:
    """One picture to keep."""

    layout: str
    theme: str
    language: str
    state: str

    @property
    def name(self) -> str:
        return f"{self.layout}-{self.theme}-{self.language}-{self.state}"

    @property
    def size(self) -> tuple[int, int]:
        return (540, 960) if self.layout == "totem" else (960, 540)

    def config(self) -> DisplayConfig:
        zone = self.layout in ("zone", "counter")
        counters = ("3",) if self.layout == "counter" else ("1", "2", "3", "4", "12") if zone else None
        slides: tuple[Slide, ...] = ()
        if self.state == "slides":
            slides = (Slide(id="bring", text={self.language: PAGES[self.language]}),)
            if self.language in ("en", "fr"):
                slides = (Slide(id="hills", picture=photograph()),)
        return config(
            site_name=SITES[self.language],
            languages=(self.language, "en") if self.language != "en" else ("en",),
            layout=self.layout,
            services=SERVICES,
            counters=counters,
            counter_names={name: name for name in counters or ()},
            arrow={"it": "right", "en": "left", "de": "up"}.get(self.language, "left")
            if self.layout == "zone"
            else None,
            theme=look(self.theme),
            slides=slides,
        )

    def view(self) -> BoardView:
        made = view.compose(self.known(), 0.5, NINE, "hall")
        assert isinstance(made, BoardView)
        return made

    def known(self) -> model.State:
        notice = Notice(id="n", text={self.language: NOTICES[self.language]})
        queues = tuple(
            QueueLength(service=service, waiting=waiting, wait_low_s=low, wait_high_s=high)
            for service, waiting, low, high in (("passport", 7, 600, 1080), ("register", 1, 30, 200))
        )
        more: dict[str, Any] = {"queues": queues, "notices": (notice,)}
        calls: Sequence[Any] = TEN
        if self.layout == "counter":
            calls = [each for each in TEN if each.counter == "3"]
        events: list[Any] = []
        if self.state in ("empty", "closed", "slides"):
            calls = calls[:3] if self.state == "slides" and self.layout in ("split", "totem") else ()
        elif self.state == "one":
            calls = (call("AA07", "3"),)
            events = [event(calls[0], language=self.language)]
        elif self.state == "missed":
            calls = calls[:5]
            more["missed"] = missed("A031", "B104", "AA03", "A029", "C001")
        if self.state == "closed":
            more["queues"] = tuple(row.model_copy(update={"waiting": 0}) for row in queues)
            events = [menu()]
        at = -9.0 if self.state == "stale" else 0.0
        state = known(self.config(), board(1, *calls, **more), heartbeat(1), *events, at_s=at)
        return model.step(state, 0.0)[0]


def look(theme: str) -> Look:
    if theme == "office":
        return Look(colours=GREEN, logo=logo(), font="noto", density="dense")
    return Look(colours=LIGHT if theme == "light" else {})


def menu(opens_in: timedelta = timedelta(hours=22)) -> Menu:
    """All that the dispenser offers is closed, until tomorrow or as long as is said."""
    service = MenuService(id="passport", name={}, open=False, reason="hours", opens_at=NINE + opens_in)
    return Menu(revision=1, groups=(MenuGroup(id="", services=(service,)),))


def samples() -> list[Sample]:
    """A small set with each pair of values: always the next that has the most pairs which were not there yet."""
    axes = (LAYOUTS, THEMES, LANGUAGES, STATES)
    rows = list(product(*axes))
    wanted = {pair for row in rows for pair in _pairs(row)}
    chosen: list[Sample] = []
    while wanted:
        best = max(rows, key=lambda row: len(_pairs(row) & wanted))
        wanted -= _pairs(best)
        chosen.append(Sample(*best))
    return chosen


def _pairs(row: tuple[str, ...]) -> set[tuple[tuple[int, str], ...]]:
    return set(combinations(enumerate(row), 2))


def sheet(pictures: Sequence[tuple[str, Image.Image]], columns: int = 4) -> Image.Image:
    """Pictures with their names, side by side."""
    cell_w, cell_h = 480, 300
    whole = Image.new("RGB", (cell_w * columns, cell_h * -(-len(pictures) // columns)), (90, 90, 90))
    draw = ImageDraw.Draw(whole)
    for place, (name, picture) in enumerate(pictures):
        small = picture.copy()
        small.thumbnail((cell_w - 8, cell_h - 28))
        x, y = place % columns * cell_w, place // columns * cell_h
        whole.paste(small, (x + 4, y + 24))
        draw.text((x + 6, y + 6), name, fill=(255, 255, 255))
    return whole


def draw(sample: Sample, size: tuple[int, int] | None = None) -> Image.Image:
    from tests.display import pictures

    return pictures.drawn(sample.view(), size or sample.size, sample.config())


def main(folder: Path) -> None:
    """Draw all, as small files of few colours, and sheets of them."""
    from display.screen import Screen

    Screen((1920, 1080), headless=True)
    folder.mkdir(parents=True, exist_ok=True)
    made = [(sample.name, draw(sample)) for sample in samples()]
    photographs = {each.name for each in samples() if any(slide.picture for slide in each.config().slides)}
    for name, picture in made:
        colours = 256 if name in photographs else 64
        reduced = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        reduced.save(folder / f"{name}.png", optimize=True)
    for at in range(0, len(made), 16):
        sheet(made[at : at + 16]).save(folder / f"sheet-{at // 16 + 1}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
