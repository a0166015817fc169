"""The office file: what it may say, its defaults, and its errors with file, line and key (F1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatcher import config
from dispatcher.config.calendar import PublicHolidays
from dispatcher.config.locate import Locator
from dispatcher.engine.model import Capacity, Counter, Display, Hours, Kiosk, Mail, Notice, Service, Token, User

DEMO = Path(__file__).parent.parent / "deploy" / "demo" / "site.toml"

SMALL = """\
[site]
id = "torino"
name = "Camera di commercio"
zone = "Europe/Rome"

[[service]]
id = "passport"
letter = "A"
name = { it = "Passaporti" }
hours = "always"

[[counter]]
id = "1"
name = "Sportello 1"
services = ["passport"]

[[kiosk]]
id = "entrance"

[[display]]
id = "hall"

[[user]]
name = "anna"
role = "operator"

[[token]]
name = "desk"
role = "office"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "site.toml"
    path.write_text(text, encoding="utf-8")
    return path


def fault(folder: Path, text: str) -> config.ConfigError:
    with pytest.raises(config.ConfigError) as caught:
        config.load(write(folder, text))
    return caught.value


def test_a_small_file_gets_the_defaults_of_the_contract(tmp_path: Path) -> None:
    office = config.load(write(tmp_path, SMALL))
    assert (office.id, office.zone, office.languages, office.url) == (
        "torino",
        ZoneInfo("Europe/Rome"),
        ("it", "en", "de", "fr"),
        None,
    )
    assert (office.country, office.day_starts, office.accounts, office.language) == ("IT", time(4), "none", "it")
    assert office.services == {
        "passport": Service(id="passport", letter="A", name={"it": "Passaporti"}, hours=Hours(always=True))
    }
    assert office.services["passport"].longest_wait is None
    assert office.counters == {"1": Counter(id="1", name="Sportello 1", services=("passport",))}
    assert office.kiosks == {"entrance": Kiosk(id="entrance", secret_env="NUMERETTO_DEVICE_ENTRANCE")}
    assert office.displays == {"hall": Display(id="hall", secret_env="NUMERETTO_DEVICE_HALL")}
    assert office.users == {"anna": User(name="anna", role="operator", password_env="NUMERETTO_PASSWORD_ANNA")}
    assert office.tokens == {"desk": Token(name="desk", role="office", secret_env="NUMERETTO_TOKEN_OFFICE")}


FULL = """\
group = "documents"
walk_in = false
appointments = false
online = true
closures = ["2026-12-24", "2026-08-10/2026-08-21", 2027-01-06]
openings = { 2026-12-25 = ["14:00-15:00", "09:00-12:00"], "2026-12-05" = ["09:00-12:00"] }
slot = "90s"
places = 3
lead = "0s"
horizon = "30d"
daily_appointments = 40
daily_limit = 120
last_ticket = "20m"
check_in = "required"
recall_attempts = 0
recall_interval = "5m"
recall_hold = "45s"
absent_after = "3m"
walk_in_recalls = 2
longest_wait = "45m"
rejoin = "priority"
rejoin_within = "1h"
rejoin_times = 2
open_bookings = 4
"""


def test_every_setting_of_a_service_is_read(tmp_path: Path) -> None:
    text = SMALL.replace('hours = "always"\n', 'hours = { tue = ["14:00-16:00", "08:30-12:30"], sun = [] }\n' + FULL)
    office = config.load(write(tmp_path, text))
    assert office.services["passport"] == Service(
        id="passport",
        letter="A",
        name={"it": "Passaporti"},
        hours=Hours(spans={1: ((time(8, 30), time(12, 30)), (time(14), time(16))), 6: ()}),
        group="documents",
        walk_in=False,
        appointments=False,
        online=True,
        closures=(
            (date(2026, 12, 24), date(2026, 12, 24)),
            (date(2026, 8, 10), date(2026, 8, 21)),
            (date(2027, 1, 6), date(2027, 1, 6)),
        ),
        holidays=PublicHolidays("IT"),
        openings={
            date(2026, 12, 5): ((time(9), time(12)),),
            date(2026, 12, 25): ((time(9), time(12)), (time(14), time(15))),
        },
        slot=timedelta(seconds=90),
        places=3,
        lead=timedelta(0),
        horizon=timedelta(days=30),
        daily_appointments=40,
        daily_limit=120,
        last_ticket=timedelta(minutes=20),
        check_in="required",
        recall_attempts=0,
        recall_interval=timedelta(minutes=5),
        recall_hold=timedelta(seconds=45),
        absent_after=timedelta(minutes=3),
        walk_in_recalls=2,
        longest_wait=timedelta(minutes=45),
        rejoin="priority",
        rejoin_within=timedelta(hours=1),
        rejoin_times=2,
        open_bookings=4,
    )
    assert office.groups == {"documents": {"it": "documents"}}, "a group without a table is named by its id"


def test_groups_notices_and_devices_are_read(tmp_path: Path) -> None:
    text = (
        SMALL.replace('letter = "A"', 'letter = "A"\ngroup = "docs"').replace(
            'name = "Sportello 1"',
            'name = "1"\nnext_means = { walk_in = "ask" }\nmode = "auto"\nranked = true\nzone = "left"',
        )
        + """
[[group]]
id = "docs"
name = { it = "Documenti", en = "Documents" }
[[notice]]
id = "strike"
text = { it = "Sciopero" }
from = "2026-12-01T08:00:00+01:00"
until = 2026-12-01T12:00:00Z
[[device]]
id = "keypad-1"
kind = "evdev"
counter = "1"
port = "/dev/input/event3"
"""
    )
    office = config.load(write(tmp_path, text))
    assert office.groups == {"docs": {"it": "Documenti", "en": "Documents"}}
    since, until = datetime(2026, 12, 1, 7, tzinfo=UTC), datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert office.notices == (Notice(id="strike", text={"it": "Sciopero"}, since=since, until=until),)
    assert office.devices["keypad-1"].secret_env == "NUMERETTO_DEVICE_KEYPAD_1"
    assert office.counters["1"] == Counter(
        id="1",
        name="1",
        services=("passport",),
        ranked=True,
        mode="auto",
        next_walk_in="ask",
        next_appointment="ask",
        zone="left",
    )


WEEKLY = SMALL.replace('hours = "always"', 'hours = { mon = ["08:30-12:30"] }')


def test_weekly_hours_keep_the_holidays_of_the_place_and_always_is_always(tmp_path: Path) -> None:
    def holidays(text: str) -> object:
        return config.load(write(tmp_path, text)).services["passport"].holidays

    def site(*lines: str) -> str:
        return WEEKLY.replace('id = "torino"', "\n".join(['id = "torino"', *lines]))

    assert holidays(WEEKLY) == PublicHolidays("IT")
    assert holidays(site('subdivision = "TO"')) == PublicHolidays("IT", "TO")
    assert holidays(site('subdivision = "IT-TO"')) == PublicHolidays("IT", "TO")
    assert holidays(site('country = "DE"', 'subdivision = "BY"')) == PublicHolidays("DE", "BY")
    assert holidays(site("holidays = false")) == frozenset()
    assert holidays(site("holidays = false").replace("[[counter]]", "holidays = true\n[[counter]]")) == PublicHolidays(
        "IT"
    )
    assert holidays(WEEKLY.replace("[[counter]]", "holidays = false\n[[counter]]")) == frozenset()
    assert holidays(SMALL) == frozenset()
    assert holidays(SMALL.replace("[[counter]]", "holidays = true\n[[counter]]")) == PublicHolidays("IT")


def test_a_country_without_a_calendar_raises_a_warning(tmp_path: Path) -> None:
    path = write(tmp_path, WEEKLY.replace('id = "torino"', 'id = "torino"\ncountry = "XX"'))
    office, warnings = config.load_with_warnings(path)
    assert office.services["passport"].holidays == frozenset()
    assert [(one.line, one.key, "are not known" in one.message) for one in warnings] == [(3, "site.country", True)]
    assert (
        config.load_with_warnings(write(tmp_path, SMALL.replace('id = "torino"', 'id = "t"\ncountry = "XX"')))[1] == ()
    )


def test_shared_staff_and_domains_are_read(tmp_path: Path) -> None:
    text = SMALL.replace(
        'id = "torino"',
        'id = "torino"\ncertified_domains = ["PEC.example.it"]\nordinary_domains = ["cert.example.it"]',
    )
    office = config.load(write(tmp_path, text + '\n[[capacity]]\nid = "desk"\nservices = ["passport"]\nplaces = 3\n'))
    assert office.capacities == (Capacity(id="desk", services=("passport",), places=3),)
    assert (office.certified_domains, office.ordinary_domains) == (("pec.example.it",), ("cert.example.it",))


def test_the_demo_office_is_without_fault_or_doubt() -> None:
    office, warnings = config.load_with_warnings(DEMO)
    assert warnings == ()
    assert (len(office.services), len(office.counters), len(office.kiosks), len(office.displays)) == (5, 3, 1, 1)
    assert all(set(service.name) == set(office.languages) for service in office.services.values())
    assert office.languages == ("it", "en", "de", "fr")


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
    ('id = "entrance"', 'id = "entrance"\nprinter = "lpt1"', 19, "kiosk[entrance].printer", "tcp://host:port"),
    ('role = "operator"', 'role = "boss"', 25, "user[anna].role", "'administrator'"),
    ('role = "operator"', 'role = "operator"\npassword = "x"', 26, "user[anna].password", "password_"),
    ('role = "office"', 'role = "office"\ncounters = ["1"]', 30, "token[desk].counters", 'role "counter"'),
    ('[[token]]\nname = "desk"', '[[tokens]]\nname = "desk"', 27, "tokens", 'did you mean "token"?'),
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


def test_the_locator_reads_lines_not_values() -> None:
    text = '''\
# [[service]]
[[service]]
id = "a # not a comment"
text = """
letter = "B"
"""
closures = [
  "2026-01-01", # ]
  "2026-01-02",
]
"quo ted" = 1
[service.hours]
mon = ["08:00-09:00"]
[[service]]
id = "b"
hours = { mon = [] }
'''
    locator = Locator(text)
    found = {
        ("service", 0): 2,
        ("service", 0, "id"): 3,
        ("service", 0, "letter"): 2,
        ("service", 0, "closures", 1): 7,
        ("service", 0, "quo ted"): 11,
        ("service", 0, "hours", "mon"): 13,
        ("service", 1): 14,
        ("service", 1, "hours", "mon"): 16,
        ("site", "zone"): 1,
    }
    assert {path: locator.line(path) for path in found} == found


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0s", timedelta(0)),
        ("90s", timedelta(seconds=90)),
        ("10m", timedelta(minutes=10)),
        ("1h", timedelta(hours=1)),
        ("60d", timedelta(days=60)),
    ],
)
def test_durations_read_as_in_the_contract(text: str, length: timedelta) -> None:
    assert config.parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "10", "m", "1.5h", "-1m", "10 m", "10M", "1h30m", "9999999d", 5, None, "１0m"])
def test_other_durations_are_refused(text: object) -> None:
    with pytest.raises(ValueError, match="duration"):
        config.parse_duration(text)


def test_the_mail_table_and_the_texts_of_mails_are_read(tmp_path: Path) -> None:
    """E2: without the table there is no mail server, and no reminder."""
    assert config.load(write(tmp_path, SMALL)).mail is None
    places = 'zone = "Europe/Rome"\nplace = { it = "Via Roma 1" }\ncontact = { it = "011 1234" }'
    text = SMALL.replace('zone = "Europe/Rome"', places).replace(
        'hours = "always"', 'hours = "always"\nbring = { it = "Documento" }\ncontact = { it = "011 5678" }'
    )
    office = config.load(write(tmp_path, text + '[mail]\nsmtp = "smtp://mail.example.org"\nfrom = "a@example.org"\n'))
    assert (office.place, office.contact) == ({"it": "Via Roma 1"}, {"it": "011 1234"})
    assert (office.services["passport"].bring, office.services["passport"].contact) == (
        {"it": "Documento"},
        {"it": "011 5678"},
    )
    assert office.mail == Mail(host="mail.example.org", port=25, sender="a@example.org")
    full = """\
[mail]
smtp = "smtp://mail.example.org"
starttls = true
from = "a@example.org"
reply_to = "b@example.org"
user = "numeretto"
reminder = "24h"
"""
    assert config.load(write(tmp_path, SMALL + full)).mail == Mail(
        host="mail.example.org",
        port=587,
        security="starttls",
        sender="a@example.org",
        reply_to="b@example.org",
        user="numeretto",
        password_env="NUMERETTO_MAIL_PASSWORD",
        reminder=timedelta(hours=24),
    )
    tls = full.replace("smtp://mail.example.org", "smtps://mail.example.org:4650").replace("starttls = true\n", "")
    mail = config.load(write(tmp_path, SMALL + tls)).mail
    assert mail is not None
    assert (mail.security, mail.port) == ("tls", 4650)


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        (("starttls = true\n", ""), "mail.user", "the password would travel"),
        (("smtp://", "smtps://"), "mail.starttls", "encrypted from the start"),
        (('user = "u"\n', 'password_env = "P"\n'), "mail.password_env", "needs its user"),
        (("smtp://mail.example.org", "mail.example.org"), "mail.smtp", 'like "smtp://'),
        (("smtp://mail.example.org", "smtp://u:p@mail.example.org"), "mail.smtp", 'like "smtp://'),
        (("a@example.org", "nobody"), "mail.from", "write an address"),
        (('from = "a@example.org"\n', ""), "mail.from", "required"),
        (("[mail]\n", '[mail]\npassword = "x"\n'), "mail.password", "unknown key"),
    ],
)
def test_a_mail_table_that_cannot_be_meant_is_refused(
    tmp_path: Path, change: tuple[str, str], key: str, words: str
) -> None:
    table = '[mail]\nsmtp = "smtp://mail.example.org"\nstarttls = true\nfrom = "a@example.org"\nuser = "u"\n'
    error = fault(tmp_path, SMALL + table.replace(*change))
    assert error.key == key
    assert words in error.message
