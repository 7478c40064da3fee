"""The audit chain: nothing in it can be changed, dropped, added or reordered unnoticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desktop import errors
from desktop.store import database
from desktop.store.audit import Audit, first_link, next_link, verify_chain
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.records import AuditRecord
from desktop.store.session import Session, sign_in
from tests.desktop.store.conftest import LEAD, MARKER, PASSWORD, a_case

CHAIN_KEY = b"k" * 32
FORGERIES = [
    "UPDATE audit SET user_id = 'somebody' WHERE seq = 2",
    "UPDATE audit SET at = '2020' WHERE seq = 1",
    "UPDATE audit SET detail = detail || 'x' WHERE seq = 3",
    "DELETE FROM audit WHERE seq = 2",
    "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
    "DELETE FROM audit",
    "INSERT INTO audit SELECT max(seq) + 1, at, user_id, action, subject, detail, mac FROM audit",
    "UPDATE audit SET seq = -seq WHERE seq IN (1, 2)",
    "UPDATE audit SET action = 'sign', subject = 'ed' || subject WHERE seq = 2",
]


def test_every_save_leaves_a_record_of_who_and_what(session: Session) -> None:
    saved = Cases(session).save(a_case())
    (record,) = Audit(session.case_file).of_subject(saved.id)
    assert (record.user_id, record.action) == (session.user.id, "case_saved")
    assert record.detail.startswith("revision 1 sha256 ")


def test_the_newest_records_come_first(session: Session) -> None:
    Cases(session).save(a_case())
    actions = [record.action for record in Audit(session.case_file).latest()]
    assert actions == ["case_saved", "user_added", "case_file_created"]


def test_records_hold_no_names_of_patients(session: Session) -> None:
    Cases(session).save(a_case())
    assert MARKER not in repr(Audit(session.case_file).latest())


@pytest.mark.parametrize("verb", ["UPDATE audit SET detail = ''", "DELETE FROM audit"])
def test_the_table_refuses_changes(session: Session, verb: str) -> None:
    before = Audit(session.case_file).count()
    with pytest.raises(Exception, match="append-only"), session.case_file.transaction() as work:
        work.execute(verb)
    assert Audit(session.case_file).count() == before


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forgery_around_the_triggers_is_found(session: Session, files: CaseFiles, forgery: str) -> None:
    Cases(session).save(a_case())
    key = session.case_file.key
    session.case_file.close()
    db = database.connect(files.database, key)
    for trigger in ("audit_no_update", "audit_no_delete"):
        db.conn.execute(f"DROP TRIGGER {trigger}")
    db.conn.execute(forgery)
    db.close()
    with pytest.raises(errors.CaseFileDamaged):
        sign_in(files, LEAD.login, PASSWORD)


def test_a_revision_altered_around_the_triggers_is_found(session: Session) -> None:
    cases, audit = Cases(session), Audit(session.case_file)
    saved = cases.save(a_case())
    cases.save(a_case(text="untouched"))
    assert audit.altered_revisions() == ()
    session.case_file.db.conn.execute("DROP TRIGGER case_revisions_no_update")
    with session.case_file.transaction() as work:
        work.execute("UPDATE case_revisions SET record = replace(record, '3', '9') WHERE case_id = ?", saved.id)
    assert audit.altered_revisions() == ((saved.id, 1),)


def chain(*changed: AuditRecord) -> list[AuditRecord]:
    """Return three linked records, with those of `changed` in the place of their number."""
    records: list[AuditRecord] = []
    previous = first_link(CHAIN_KEY, "id")
    for seq in (1, 2, 3):
        record = AuditRecord(seq, "at", "user", "action", "subject", "detail", "")
        previous = next_link(CHAIN_KEY, previous, record)
        records.append(replace(record, mac=previous))
    for record in changed:
        records[record.seq - 1] = record
    return records


def test_a_whole_chain_gives_its_value_at_every_record() -> None:
    records = chain()
    links = verify_chain(CHAIN_KEY, "id", records)
    assert links == [first_link(CHAIN_KEY, "id"), *(record.mac for record in records)]


@pytest.mark.parametrize("change", [{"mac": "00" * 32}, {"detail": "other"}, {"user_id": "other"}, {"at": "later"}])
def test_the_chain_breaks_at_a_changed_last_record_too(change: dict[str, str]) -> None:
    forged = replace(chain()[2], **change)  # type: ignore[arg-type]
    with pytest.raises(errors.CaseFileDamaged, match="record 3"):
        verify_chain(CHAIN_KEY, "id", chain(forged))


def test_a_chain_of_another_file_or_key_breaks_at_once() -> None:
    for key, database_id in ((CHAIN_KEY, "other"), (bytes(32), "id")):
        with pytest.raises(errors.CaseFileDamaged, match="record 1"):
            verify_chain(key, database_id, chain())


def test_numbers_must_follow_each_other_even_with_the_key() -> None:
    first = AuditRecord(2, "at", "user", "action", "subject", "detail", "")
    forged = replace(first, mac=next_link(CHAIN_KEY, first_link(CHAIN_KEY, "id"), first))
    with pytest.raises(errors.CaseFileDamaged, match="record 1"):
        verify_chain(CHAIN_KEY, "id", [forged])


def test_the_chain_goes_on_over_many_sessions(session: Session, reopen: Callable[[], Session]) -> None:
    session.case_file.close()
    for _ in range(3):
        opened = reopen()
        Cases(opened).save(a_case())
        opened.case_file.close()
    last = reopen()
    assert Audit(last.case_file).count() == 2 + 3 * 2 + 1
