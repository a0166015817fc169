"""The errors of the office file: file, line, key, and what to do (F1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatcher import config
from tests.test_config import SMALL, fault, write

FAULTS = [
    # what is replaced, by what, line, key, part of the sentence
    ('zone = "Europe/Rome"', 'zone = "Europe/Rom"', 4, "site.zone", "no time zone"),
    ('zone = "Europe/Rome"', 'zone = "Europe"', 4, "site.zone", "no time zone"),
    ('zone = "Europe/Rome"', "", 1, "site.zone", "required"),
    ('zone = "Europe/Rome"', 'zone = "Europe/Rome"\nlanguage = "it"', 5, "site.language", 'did you mean "languages"?'),
    ('zone = "Europe/Rome"', 'zone = "Europe/Rome"\nday_starts = "02:00"', 5, "site.day_starts", "clocks"),
    ('zone = "Europe/Rome"', 'zone = "Europe/Rome"\nday_starts = "03:30"', 5, "site.day_starts", "clocks"),
    ('zone = "Europe/Rome"', 'zone = "Europe/Rome"\nday_starts = "4"', 5, "site.day_starts", "04:00"),
    ('zone = "Europe/Rome"', 'zone = "Africa/Cairo"\nday_starts = "00:30"', 5, "site.day_starts", "Africa/Cairo"),
    ('zone = "Europe/Rome"', 'zone = "Europe/Rome"\nlanguages = []', 5, "site.languages", "codes of languages"),
    ('zone = "Europe/Rome"', 'zone = "Europe/Rome"\naccounts = "some"', 5, "site.accounts", "'required'"),
    ('zone = "Europe/Rome"', 'zone = "Europe/Rome"\nurl = "office"', 5, "site.url", "https://"),
    ('id = "torino"', 'id = "to/rino"', 2, "site.id", "letters, digits"),
    ('id = "torino"', f'id = "{"x" * 65}"', 2, "site.id", "1 to 64"),
    ('id = "torino"', "id = 7", 2, "site.id", "letters, digits"),
    ('letter = "A"', 'letter = "AB"', 8, "service[passport].letter", "capital letter"),
    ('letter = "A"', 'letter = "a"', 8, "service[passport].letter", "capital letter"),
    ('letter = "A"\n', "", 6, "service[passport].letter", "required"),
    ('hours = "always"\n', "", 6, "service[passport].hours", "required"),
    ('hours = "always"', 'hours = "daily"', 10, "service[passport].hours", "always"),
    ('hours = "always"', 'hours = { mo = ["08:30-12:30"] }', 10, "service[passport].hours.mo", "unknown day"),
    ('hours = "always"', 'hours = { mon = ["12:30-08:30"] }', 10, "service[passport].hours.mon", "ends before"),
    ('hours = "always"', 'hours = { mon = ["08:30-25:00"] }', 10, "service[passport].hours.mon", "no span"),
    (
        'hours = "always"',
        'hours.mon = ["08:30-12:30"]\nhours.tue = ["08:00-12:00", "11:59-13:00"]',
        11,
        "service[passport].hours.tue",
        "overlap at 11:59",
    ),
    ('hours = "always"', '[service.hours]\nfri = ["8-12"]', 11, "service[passport].hours.fri", "no span"),
    ('letter = "A"', 'letter = "A"\nslot = "59s"', 9, "service[passport].slot", '"1m"'),
    ('letter = "A"', 'letter = "A"\nrecall_interval = "10 min"', 9, "service[passport].recall_interval", '"10m"'),
    ('letter = "A"', 'letter = "A"\nrecall_interval = 600', 9, "service[passport].recall_interval", '"10m"'),
    ('letter = "A"', 'letter = "A"\nplaces = 0', 9, "service[passport].places", "the least is 1"),
    ('letter = "A"', 'letter = "A"\nplaces = "2"', 9, "service[passport].places", "whole number"),
    ('letter = "A"', 'letter = "A"\nplaces = true', 9, "service[passport].places", "whole number"),
    ('letter = "A"', 'letter = "A"\nrecall_attempts = 100', 9, "service[passport].recall_attempts", "the most is 99"),
    ('letter = "A"', 'letter = "A"\nrecall_attempts = -1', 9, "service[passport].recall_attempts", "the least is 0"),
    ('letter = "A"', 'letter = "A"\nwalk_in = "yes"', 9, "service[passport].walk_in", "true or false"),
    ('letter = "A"', 'letter = "A"\nrejoin = "maybe"', 9, "service[passport].rejoin", "'end', 'priority', 'never'"),
    ('letter = "A"', 'letter = "A"\nlast_ticket = "soon"', 9, "service[passport].last_ticket", '"auto"'),
    ('letter = "A"', 'letter = "A"\nclosures = ["24.12."]', 9, "service[passport].closures[#1]", "no day"),
    ('letter = "A"', 'letter = "A"\nopenings = ["2026-12-05"]', 9, "service[passport].openings", "spans by day"),
    (
        'letter = "A"',
        'letter = "A"\nopenings = { "5.12." = ["09:00-12:00"] }',
        9,
        "service[passport].openings.5.12.",
        "no day",
    ),
    (
        'letter = "A"',
        'letter = "A"\nopenings.2026-12-05 = ["9-12"]',
        9,
        "service[passport].openings.2026-12-05",
        "no span",
    ),
    ('letter = "A"', 'letter = "A"\nopenings.2026-12-05 = []', 9, "service[passport].openings.2026-12-05", "closures"),
    ('letter = "A"', 'letter = "A"\nholidays = "IT"', 9, "service[passport].holidays", "true or false"),
    (
        'letter = "A"',
        'letter = "A"\ndaily_appointments = 0',
        9,
        "service[passport].daily_appointments",
        "the least is 1",
    ),
    ('id = "torino"', 'id = "torino"\nsubdivision = "Turin"', 3, "site.subdivision", 'unknown part of IT "Turin"'),
    ('id = "torino"', 'id = "torino"\nsubdivision = 1', 3, "site.subdivision", 'like "TO"'),
    ('id = "torino"', 'id = "torino"\ncertified_domains = ["@pec.it"]', 3, "site.certified_domains", "list of domains"),
    (
        "[[counter]]",
        '[[capacity]]\nid = "desk"\nplaces = 2\nservices = ["visa"]\n[[counter]]',
        15,
        "capacity[desk].services",
        'unknown service "visa"',
    ),
    (
        "[[counter]]",
        '[[capacity]]\nid = "desk"\nservices = ["passport"]\n[[counter]]',
        12,
        "capacity[desk].places",
        "required",
    ),
    ('{ it = "Passaporti" }', '{ en = "Passports" }', 9, "service[passport].name", '"it"'),
    ('{ it = "Passaporti" }', '"Passaporti"', 9, "service[passport].name", "by language"),
    ('services = ["passport"]', 'services = ["passport", "visa"]', 15, "counter[1].services", 'unknown service "visa"'),
    ('services = ["passport"]', "services = []", 15, "counter[1].services", "list of ids"),
    ('services = ["passport"]', "", 12, "counter[1].services", "required"),
    ('id = "hall"', 'id = "hall"\ncounters = ["9"]', 22, "display[hall].counters", 'unknown counter "9"'),
    ('id = "hall"', 'id = "entrance"', 21, "display[entrance].id", "taken by another [[kiosk]]"),
    ('id = "hall"', 'id = "observer"', 21, "display[observer].id", "another id"),
    ('id = "entrance"', 'id = "entrance"\noffline = -1', 19, "kiosk[entrance].offline", "the least is 0"),
    ('id = "entrance"', 'id = "entrance"\noffline = "50"', 19, "kiosk[entrance].offline", "whole number"),
    ('id = "entrance"', 'id = "entrance"\nprinter = "lpt1"', 19, "kiosk[entrance].printer", "tcp://host:port"),
    ('id = "entrance"', 'id = "entrance"\nscreen = "21.5"', 19, "kiosk[entrance].screen", '"10.1in"'),
    ('id = "entrance"', 'id = "entrance"\nscreen = "7in"', 19, "kiosk[entrance].screen", "10in to 65in"),
    ('id = "entrance"', 'id = "entrance"\ncontrast = "high"', 19, "kiosk[entrance].contrast", "true or false"),
    ('id = "entrance"', 'id = "entrance"\nper_minute = 0', 19, "kiosk[entrance].per_minute", "the least is 1"),
    ('id = "entrance"', 'id = "entrance"\ninterval = "2m"', 19, "kiosk[entrance].interval", 'up to "1m"'),
    ('id = "entrance"', 'id = "entrance"\nscanner = "usb"', 19, "kiosk[entrance].scanner", "serial:///dev"),
    ('id = "entrance"', 'id = "entrance"\nspare = "lpt1"', 19, "kiosk[entrance].spare", "tcp://host:port"),
    ('id = "entrance"', 'id = "entrance"\nspare = "virtual"', 19, "kiosk[entrance].spare", "a real one"),
    ('id = "entrance"', 'id = "entrance"\nspare_profile = "SK1"', 19, "kiosk[entrance].spare_profile", "add spare"),
    (
        'id = "entrance"',
        'id = "entrance"\nprinter = "tcp://p:9100"\nspare = "tcp://p:9100"',
        20,
        "kiosk[entrance].spare",
        "same printer",
    ),
    ('id = "entrance"', 'id = "entrance"\nlogo = "L"', 19, "kiosk[entrance].logo", "two characters"),
    ('role = "operator"', 'role = "boss"', 25, "user[anna].role", "'administrator'"),
    ('role = "operator"', 'role = "operator"\npassword = "x"', 26, "user[anna].password", "password_"),
    ('role = "office"', 'role = "office"\ncounters = ["1"]', 30, "token[desk].counters", 'role "counter"'),
    ('[[token]]\nname = "desk"', '[[tokens]]\nname = "desk"', 27, "tokens", 'did you mean "token"?'),
    ("[[counter]]", '[problems]\nemail = "anna"\n[[counter]]', 13, "problems.email", "anna@example.org"),
    ("[[counter]]", "[problems]\nafter = 5\n[[counter]]", 13, "problems.after", '"10m"'),
    ("[[counter]]", "[counter]", 12, "counter", "[[counter]]"),
    ('id = "torino"', "id = torino", 2, "id", "not TOML"),
    ('id = "torino"', 'id = "torino"\nid = "milano"', 3, "id", "not TOML"),
]


@pytest.mark.parametrize(("old", "new", "line", "key", "sentence"), FAULTS)
def test_a_fault_is_named_with_file_line_key_and_what_to_do(
    tmp_path: Path, old: str, new: str, line: int, key: str, sentence: str
) -> None:
    assert old in SMALL
    error = fault(tmp_path, SMALL.replace(old, new, 1))
    assert (error.file, error.line, error.key) == (str(tmp_path / "site.toml"), line, key)
    assert sentence in error.message
    assert str(error) == f"{error.file}:{line}: {key}: {error.message}"
    assert "\n" not in str(error)


@pytest.mark.parametrize("kind", ["service", "counter", "kiosk", "display", "user", "token"])
def test_an_id_that_stands_twice_is_refused(tmp_path: Path, kind: str) -> None:
    start = SMALL.index(f"[[{kind}]]")
    table = SMALL[start : SMALL.find("\n[[", start) + 1 or None]
    error = fault(tmp_path, SMALL + "\n" + table)
    assert error.key.startswith(f"{kind}[")
    assert "is taken by another" in error.message or "each needs its own" in error.message


def test_two_tokens_may_not_share_a_secret(tmp_path: Path) -> None:
    error = fault(tmp_path, SMALL + '\n[[token]]\nname = "two"\nrole = "office"\n')
    assert (error.key, "NUMERETTO_TOKEN_OFFICE" in error.message) == ("token[two].secret_env", True)


def test_a_file_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match=r"gone\.toml: no such file"):
        config.load(tmp_path / "gone.toml")
    with pytest.raises(config.ConfigError, match="cannot be read"):
        config.load(tmp_path)


def test_a_file_that_is_not_utf8_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(SMALL.replace("Camera", "Città").encode("latin-1"))
    with pytest.raises(config.ConfigError, match=r"site\.toml:3: this is not UTF-8"):
        config.load(path)


def test_an_unfinished_file_and_one_nested_too_deep_are_no_toml(tmp_path: Path) -> None:
    assert fault(tmp_path, SMALL + '[[notice]]\ntext = """never ends\n').line == 31
    assert "not TOML" in fault(tmp_path, "x = " + "[" * 5000).message


def test_all_faults_are_listed_in_the_order_of_lines(tmp_path: Path) -> None:
    text = SMALL.replace('letter = "A"', "letter = 5").replace("Europe/Rome", "Mars")
    reading = config.read(write(tmp_path, text))
    assert reading.office is None
    assert [(error.line, error.key) for error in reading.errors] == [(4, "site.zone"), (8, "service[passport].letter")]


def test_doubtful_letters_and_unused_parts_are_warnings(tmp_path: Path) -> None:
    text = SMALL.replace('letter = "A"', 'letter = "O"').replace('it = "Passaporti"', 'it = "Pass", es = "Pase"')
    text += '\n[[group]]\nid = "empty"\nname = { it = "Vuoto" }\n'
    office, warnings = config.load_with_warnings(write(tmp_path, text))
    assert office.services["passport"].letter == "O"
    assert [(warning.line, warning.key) for warning in warnings] == [
        (8, "service[passport].letter"),
        (9, "service[passport].name.es"),
        (32, "group[empty].id"),
    ]
