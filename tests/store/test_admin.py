"""The tables are made by migrations, and are those of the code."""

from __future__ import annotations

import threading

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from dispatcher.store import admin
from dispatcher.store.columns import metadata
from dispatcher.store.session import Store
from tests.store.make import NOW


@pytest.fixture
def empty(database):
    made = Store(database)
    yield made
    made.close()


def test_migrations_give_the_tables_of_the_code(empty):
    admin.upgrade(empty)
    with empty.engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_second_upgrade_changes_nothing(empty):
    assert not admin.is_current(empty)
    admin.upgrade(empty)
    with empty.command("torino", NOW, NOW) as tx:
        epoch = tx.epoch
    admin.upgrade(empty)
    assert admin.is_current(empty)
    with empty.command("torino", NOW, NOW) as tx:
        assert tx.epoch == epoch


def test_two_dispatchers_that_start_together_upgrade_once(empty):
    errors = []

    def upgrade():
        mine = Store(empty.url)
        try:
            admin.upgrade(mine)
        except Exception as error:  # noqa: BLE001  # told below
            errors.append(error)
        finally:
            mine.close()

    threads = [threading.Thread(target=upgrade) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert set(metadata.tables) <= set(inspect(empty.engine).get_table_names())


def test_many_that_open_a_new_file_at_once_all_can(tmp_path):
    errors = []

    def open_it(url, together):
        mine = Store(url)
        together.wait(10)
        try:
            with mine.engine.connect() as conn, conn.begin():
                conn.execute(text("SELECT 1"))
        except Exception as error:  # noqa: BLE001  # told below
            errors.append(error)
        finally:
            mine.close()

    for number in range(60):  # without waiting, one in ten was refused
        together = threading.Barrier(3)
        threads = [
            threading.Thread(target=open_it, args=(f"sqlite:///{tmp_path / str(number)}.db", together))
            for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert errors == []


def test_the_command_upgrades_and_checks(tmp_path, capsys):
    data = ["--data", str(tmp_path)]
    assert admin.main(["check", *data]) == 1
    assert "numeretto database upgrade" in capsys.readouterr().err
    assert admin.main(["upgrade", *data]) == 0
    assert admin.main(["check", *data]) == 0
    assert admin.main(["check", "--data", str(tmp_path / "missing")]) == 1
    assert capsys.readouterr().err.startswith("The database cannot be reached")


def test_the_newest_migration_is_the_one_that_a_start_looks_for():
    config = Config()
    config.set_main_option("script_location", str(admin.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == admin.NEWEST


def test_an_older_database_finds_its_people_after_the_upgrade(empty):
    names = ["Zoë d’Angelo", "Rita Levi-Montalcini"]
    with empty.engine.connect() as conn, conn.execution_options(numeretto_write=True).begin():
        config = Config()
        config.set_main_option("script_location", str(admin.MIGRATIONS))
        config.attributes["connection"] = conn
        command.upgrade(config, "0002")
        for number, name in enumerate(names):
            values = {"ticket": str(number), "code": str(number), "name": name}
            conn.execute(
                text(
                    "INSERT INTO booking (ticket, site, service, code, person, name, phone, notes, booked_at)"
                    " VALUES (:ticket, 'torino', 'passport', :code, '', :name, '', '', 0)"
                ),
                values,
            )
    admin.upgrade(empty)
    with empty.engine.connect() as conn:
        found = conn.execute(text("SELECT sought FROM booking ORDER BY ticket")).scalars().all()
    assert found == [" dangelo zoe", " levi montalcini rita"]
