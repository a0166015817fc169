"""The office file: what it may say, its defaults, and its errors with file, line and key (F1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatcher import config
from dispatcher.config.calendar import PublicHolidays
from dispatcher.config.locate import Locator
from dispatcher.engine.model import (
    Capacity,
    Counter,
    Display,
    Hours,
    Kiosk,
    Mail,
    Notice,
    Problems,
    Service,
    Token,
    User,
)

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


def test_a_spare_printer_a_logo_and_whom_to_tell_are_read(tmp_path: Path) -> None:
    text = SMALL.replace(
        'id = "entrance"',
        'id = "entrance"\nspare = "tcp://10.0.0.9:9100"\nspare_profile = "TM-T88V"\nlogo = "L1"',
    )
    office = config.load(write(tmp_path, text + '\n[problems]\nemail = "tecnico@example.org"\nafter = "10m"\n'))
    kiosk = office.kiosks["entrance"]
    assert (kiosk.spare, kiosk.spare_profile, kiosk.logo) == ("tcp://10.0.0.9:9100", "TM-T88V", "L1")
    assert office.problems == Problems(email="tecnico@example.org", after=timedelta(minutes=10))
    assert config.load(write(tmp_path, SMALL)).problems == Problems()


def test_the_demo_office_is_without_fault_or_doubt() -> None:
    office, warnings = config.load_with_warnings(DEMO)
    assert warnings == ()
    assert (len(office.services), len(office.counters), len(office.kiosks), len(office.displays)) == (4, 3, 1, 1)
    assert all(set(service.name) == set(office.languages) for service in office.services.values())
    assert office.languages == ("it", "en", "de", "fr")


def test_the_office_that_lives_by_appointments_is_without_fault_or_doubt() -> None:
    office, warnings = config.load_with_warnings(DEMO.with_name("booking.toml"))
    assert warnings == ()
    assert (office.accounts, [one.id for one in office.services.values() if one.online]) == ("optional", ["advice"])


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
