"""The schema as numbered steps. A released step is frozen: change the schema by adding one, never by editing one.

Steps are plain SQL rather than calls of a library, so that they do the same in ten years. sqlite-utils runs each in its
own transaction together with the record that it ran; a step cut short by a power cut is rolled back and still pending.
The number of steps is kept as `user_version`, by which an older Lantern knows a newer file and leaves it alone.
"""

from __future__ import annotations

from typing import Any

from desktop.store.database import Migrations

STEPS = Migrations("lantern")


def count(steps: Any) -> int:
    """Return how many steps there are, which is the newest `user_version` this Lantern can read."""
    return len(steps._migrations)


def pending(db: Any, steps: Any) -> tuple[str, ...]:
    """Return the names of the steps that this file has not seen."""
    return tuple(step.name for step in steps.pending(db))


def apply(db: Any, steps: Any) -> None:
    """Run the pending steps, each in its own transaction."""
    steps.apply(db)


def refuse_changes(db: Any, table: str) -> None:
    """Make `table` append-only."""
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


@STEPS(name="0001_case_file")  # type: ignore[untyped-decorator]
def _case_file(db: Any) -> None:
    """Everything of the first release."""
    for statement in _TABLES_0001:
        db.execute(statement)
    for table in (
        "audit", "case_revisions", "results", "result_events", "result_endings", "result_knowledge_rows",
        "result_verdicts", "own_diagnoses", "sentence_edits", "overrides", "signatures",
    ):
        refuse_changes(db, table)
    db.execute("PRAGMA user_version = 1")


_TABLES_0001 = (
    # One row. `commits` counts every transaction, drafts included, for the sealed head.
    """CREATE TABLE file_identity (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        database_id TEXT NOT NULL,
        chain_key BLOB NOT NULL,
        created_at TEXT NOT NULL,
        commits INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE audit (
        seq INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        user_id TEXT NOT NULL,
        action TEXT NOT NULL,
        subject TEXT NOT NULL,
        detail TEXT NOT NULL,
        mac TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX audit_by_subject ON audit (subject, seq)",
    """CREATE TABLE users (
        id TEXT PRIMARY KEY,
        login TEXT NOT NULL UNIQUE,
        display_name TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('clinician', 'nurse', 'clinical_lead', 'it')),
        created_at TEXT NOT NULL,
        removed_at TEXT
    ) STRICT""",
    # Clinical content: every save is a new row here and nothing is ever changed.
    """CREATE TABLE case_revisions (
        case_id TEXT NOT NULL,
        revision INTEGER NOT NULL CHECK (revision >= 1),
        record TEXT NOT NULL,
        case_hash TEXT NOT NULL,
        saved_at TEXT NOT NULL,
        saved_by TEXT NOT NULL REFERENCES users (id),
        PRIMARY KEY (case_id, revision)
    ) STRICT""",
    # Derived from the newest revision, for lists and search only; it can be rebuilt from the revisions.
    """CREATE TABLE case_index (
        number INTEGER PRIMARY KEY,
        case_id TEXT NOT NULL UNIQUE,
        revision INTEGER NOT NULL,
        patient_id TEXT NOT NULL,
        visit_date TEXT NOT NULL,
        name TEXT NOT NULL,
        local_number TEXT NOT NULL,
        sex TEXT NOT NULL,
        age_years REAL,
        flags TEXT NOT NULL,
        case_hash TEXT NOT NULL,
        saved_at TEXT NOT NULL,
        diagnosis_words TEXT NOT NULL,
        words TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX case_index_by_date ON case_index (visit_date DESC, saved_at DESC)",
    "CREATE INDEX case_index_by_patient ON case_index (patient_id, visit_date DESC)",
    # Trigrams find parts of words in every script, Chinese too, from three characters on.
    """CREATE VIRTUAL TABLE case_search USING fts5 (
        name, local_number, diagnosis_words, words,
        content = 'case_index', content_rowid = 'number', tokenize = 'trigram remove_diacritics 1'
    )""",
    """CREATE TRIGGER case_index_added AFTER INSERT ON case_index BEGIN
        INSERT INTO case_search (rowid, name, local_number, diagnosis_words, words)
        VALUES (new.number, new.name, new.local_number, new.diagnosis_words, new.words);
    END""",
    """CREATE TRIGGER case_index_removed AFTER DELETE ON case_index BEGIN
        INSERT INTO case_search (case_search, rowid, name, local_number, diagnosis_words, words)
        VALUES ('delete', old.number, old.name, old.local_number, old.diagnosis_words, old.words);
    END""",
    """CREATE TRIGGER case_index_changed AFTER UPDATE ON case_index BEGIN
        INSERT INTO case_search (case_search, rowid, name, local_number, diagnosis_words, words)
        VALUES ('delete', old.number, old.name, old.local_number, old.diagnosis_words, old.words);
        INSERT INTO case_search (rowid, name, local_number, diagnosis_words, words)
        VALUES (new.number, new.name, new.local_number, new.diagnosis_words, new.words);
    END""",
    # Unsaved typing, one per case, replaced every second and dropped by the save.
    """CREATE TABLE drafts (
        case_id TEXT PRIMARY KEY,
        record TEXT NOT NULL,
        saved_at TEXT NOT NULL,
        saved_by TEXT NOT NULL REFERENCES users (id)
    ) STRICT""",
    """CREATE TABLE results (
        id TEXT PRIMARY KEY,
        case_id TEXT NOT NULL,
        case_revision INTEGER NOT NULL,
        kind TEXT NOT NULL,
        case_hash TEXT NOT NULL,
        request_hash TEXT NOT NULL,
        request TEXT NOT NULL,
        lantern_version TEXT NOT NULL,
        started_at TEXT NOT NULL,
        started_by TEXT NOT NULL REFERENCES users (id),
        FOREIGN KEY (case_id, case_revision) REFERENCES case_revisions (case_id, revision)
    ) STRICT""",
    "CREATE INDEX results_by_case ON results (case_id, started_at)",
    """CREATE TABLE result_events (
        result_id TEXT NOT NULL REFERENCES results (id),
        position INTEGER NOT NULL,
        event TEXT NOT NULL,
        PRIMARY KEY (result_id, position)
    ) STRICT""",
    # A result without a row here is still running, or was when the power went.
    """CREATE TABLE result_endings (
        result_id TEXT PRIMARY KEY REFERENCES results (id),
        status TEXT NOT NULL CHECK (status IN ('ok', 'failed', 'cancelled', 'interrupted')),
        error_code TEXT,
        versions TEXT,
        elapsed_ms REAL,
        timings_ms TEXT NOT NULL,
        ended_at TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE result_knowledge_rows (
        result_id TEXT NOT NULL REFERENCES results (id),
        row_id TEXT NOT NULL,
        PRIMARY KEY (result_id, row_id)
    ) STRICT""",
    "CREATE INDEX results_by_knowledge_row ON result_knowledge_rows (row_id)",
    """CREATE TABLE result_verdicts (
        result_id TEXT NOT NULL REFERENCES results (id),
        position INTEGER NOT NULL,
        subject TEXT NOT NULL,
        verdict TEXT NOT NULL,
        PRIMARY KEY (result_id, position)
    ) STRICT""",
    """CREATE TABLE own_diagnoses (
        number INTEGER PRIMARY KEY,
        case_id TEXT NOT NULL,
        text TEXT NOT NULL,
        given_at TEXT NOT NULL,
        given_by TEXT NOT NULL REFERENCES users (id)
    ) STRICT""",
    "CREATE INDEX own_diagnoses_by_case ON own_diagnoses (case_id, number)",
    """CREATE TABLE sentence_edits (
        number INTEGER PRIMARY KEY,
        result_id TEXT NOT NULL REFERENCES results (id),
        section TEXT NOT NULL,
        position INTEGER NOT NULL,
        action TEXT NOT NULL CHECK (action IN ('adopted', 'edited', 'removed')),
        original TEXT NOT NULL,
        text TEXT NOT NULL,
        edited_at TEXT NOT NULL,
        edited_by TEXT NOT NULL REFERENCES users (id)
    ) STRICT""",
    "CREATE INDEX sentence_edits_by_result ON sentence_edits (result_id, number)",
    """CREATE TABLE overrides (
        number INTEGER PRIMARY KEY,
        case_id TEXT NOT NULL,
        result_id TEXT REFERENCES results (id),
        rule_id TEXT NOT NULL,
        reason TEXT NOT NULL CHECK (reason <> ''),
        given_at TEXT NOT NULL,
        given_by TEXT NOT NULL REFERENCES users (id)
    ) STRICT""",
    "CREATE INDEX overrides_by_case ON overrides (case_id, number)",
    """CREATE TABLE signatures (
        number INTEGER PRIMARY KEY,
        case_id TEXT NOT NULL,
        case_revision INTEGER NOT NULL,
        result_id TEXT REFERENCES results (id),
        signed_at TEXT NOT NULL,
        signed_by TEXT NOT NULL REFERENCES users (id),
        signer_name TEXT NOT NULL,
        signer_role TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        changes TEXT NOT NULL,
        FOREIGN KEY (case_id, case_revision) REFERENCES case_revisions (case_id, revision)
    ) STRICT""",
    "CREATE INDEX signatures_by_case ON signatures (case_id, number)",
)
