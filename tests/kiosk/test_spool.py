"""What a kiosk remembers after a crash at any byte: B4."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatcher.wire.messages import Issued, IssueRequest
from kiosk.spool import Spool, SpoolInUse, Stage
from tests.kiosk.peer import NOW


def _issued(label: str) -> Issued:
    return Issued(id=f"id-{label}", label=label, ahead=1, status_url="http://x/t/à€", queued_at=NOW)


def _request(key: str) -> IssueRequest:
    return IssueRequest(request_id=key, service="passport", touched_at=NOW, language="it")


def _stages(spool: Spool) -> dict[str, tuple[Stage, bool]]:
    return {row.key: (row.stage, row.abandoned) for row in spool.rows()}


def _story(spool: Spool) -> list[dict[str, tuple[Stage, bool]]]:
    """Each state that the spool goes through, the empty one first."""
    seen = [_stages(spool)]
    for act in (
        lambda: spool.requested(_request("a"), "Passaporti"),
        lambda: spool.allocated("a", _issued("A001")),
        lambda: spool.sent("a", pid="abcd", baseline=7),
        lambda: spool.held("a"),
        lambda: spool.requested(_request("b"), "Pässe"),
        lambda: spool.sent("a", pid="efgh", baseline=7, copy=True),
        lambda: spool.result("a", Stage.CONFIRMED),
        lambda: spool.abandoned("b"),
        lambda: spool.delivered("a"),
        lambda: spool.allocated("b", _issued("A002")),
        lambda: spool.result("b", Stage.FAILED),
    ):
        act()
        seen.append(_stages(spool))
    return seen


def test_a_file_cut_at_any_byte_opens_in_a_state_that_was(tmp_path: Path) -> None:
    whole = Spool(tmp_path / "whole")
    story = _story(whole)
    whole.close()
    data = (tmp_path / "whole").read_bytes()
    reached = -1
    for length in range(len(data) + 1):
        path = tmp_path / "cut"
        path.write_bytes(data[:length])
        spool = Spool(path)
        at = story.index(_stages(spool))
        assert at >= reached
        reached = at
        spool.close()
        if length % 97 == 0:
            again = Spool(path)
            assert _stages(again) == story[at]
            again.close()
    assert reached == len(story) - 1


def test_a_cut_file_takes_new_rows(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool.requested(_request("a"), "x")
    spool.close()
    (tmp_path / "s").write_bytes((tmp_path / "s").read_bytes()[:-3])
    spool = Spool(tmp_path / "s")
    spool.requested(_request("b"), "x")
    spool.close()
    spool = Spool(tmp_path / "s")
    assert _stages(spool) == {"b": (Stage.REQUESTED, False)}
    spool.close()


def test_everything_needed_for_a_reprint_survives(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool.requested(_request("a"), "Passaporti")
    spool.allocated("a", _issued("A001"))
    spool.sent("a", pid="abcd", baseline=12)
    spool.sent("a", pid="efgh", baseline=12, copy=True)
    before = spool.rows()
    spool.close()
    after = Spool(tmp_path / "s")
    assert after.rows() == before
    assert (after.rows()[0].pid, after.rows()[0].baseline, after.rows()[0].copies) == ("efgh", 12, 1)
    after.close()


def test_a_damaged_line_costs_only_itself(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    spool.requested(_request("a"), "x")
    spool.requested(_request("b"), "x")
    spool.close()
    data = bytearray((tmp_path / "s").read_bytes())
    data[20] ^= 1
    (tmp_path / "s").write_bytes(bytes(data))
    spool = Spool(tmp_path / "s")
    assert list(_stages(spool)) == ["b"]
    spool.close()


def test_two_kiosks_do_not_share_a_spool(tmp_path: Path) -> None:
    first = Spool(tmp_path / "s")
    with pytest.raises(SpoolInUse, match="another kiosk"):
        Spool(tmp_path / "s")
    first.close()
    Spool(tmp_path / "s").close()


def test_an_unknown_row_is_an_error(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s")
    with pytest.raises(KeyError):
        spool.sent("never", pid="abcd", baseline=None)
    spool.close()
