"""What is decided about a plan is stored before it is shown, and a later decision takes the signature back."""

from dataclasses import replace

import pytest

from desktop.case.record import CaseRecord, Role
from desktop.plan_decisions import PlanDecisions
from desktop.report.decisions import number_sentences
from desktop.store.cases import Cases
from desktop.store.decisions import Decisions
from desktop.store.files import CaseFiles
from desktop.store.keys import HashingCost
from desktop.store.lane import StoreLane
from desktop.store.results import Results
from desktop.store.session import NewUser, Session, create_clinic
from desktop.tasks import Tasks
from engine import api
from tests.desktop import samples
from tests.desktop.desk import VERSIONS

QUICK = HashingCost(memory_kib=1024, iterations=1, lanes=1)
PLAN = samples.plan()


class Planned:
    """A stored plan with its decisions, and what they said."""

    def __init__(self, folder):
        self.lane, self.tasks = StoreLane(), Tasks()
        self.session = self.on_lane(self._create, folder)
        self.case, self.result_id = self.on_lane(self._store_plan)
        self.decisions = PlanDecisions(self.lane, self.tasks)
        self.changed, self.signed, self.failed = [], [], []
        self.work_on(self.session)
        self.decisions.changed.connect(self.changed.append)
        self.decisions.signed.connect(self.signed.append)
        self.decisions.failed.connect(self.failed.append)

    def work_on(self, session):
        self.decisions.work_on(session, self.case.id, PLAN, lambda: self.result_id)

    def on_lane(self, work, *given):
        return self.lane.submit(work, *given).result()

    @staticmethod
    def _create(folder):
        user = NewUser("lin", "Dr Lin", Role.CLINICAL_LEAD, "three odd words")
        return create_clinic(CaseFiles(folder / "case"), user, cost=QUICK).session

    def _store_plan(self):
        from desktop.case.mapping import to_engine_case

        case = Cases(self.session).save(CaseRecord(visit_date="2026-11-22", text="Cough."))
        run_id = api.RunId("r1")
        results = Results(self.session)
        result_id = results.start(case, api.PlanRequest(run_id, to_engine_case(case), "DDX:Pneumonia"), "0.1.0")
        results.finish(result_id, api.Done(run_id, VERSIONS, 1.0), api.PlanTabled(run_id, PLAN))
        return case, result_id

    def close(self):
        self.on_lane(self.session.case_file.close)
        self.lane.close()
        self.tasks.close()


@pytest.fixture
def planned(qapp, tmp_path):
    planned = Planned(tmp_path)
    yield planned
    planned.close()


def a_sentence(status):
    return next(row for row in number_sentences(PLAN) if row.sentence.status == status)


def test_adopted_sentence_is_stored_and_shown(qtbot, planned):
    number = a_sentence("unsupported").number
    planned.decisions.adopt(number)
    qtbot.waitUntil(lambda: len(planned.changed) == 1)
    own = planned.changed[-1].words_for(number)
    assert (own.sentence, own.text) == (number, None)
    stored = planned.on_lane(lambda: Decisions(planned.session).sentence_edits(planned.result_id))
    assert [(edit.action, edit.position) for edit in stored] == [("adopted", number)]


def test_reworded_sentence_keeps_the_original_beside_the_new_words(qtbot, planned):
    row = a_sentence("supported")
    planned.decisions.edit(row.number, "In my own words.")
    qtbot.waitUntil(lambda: len(planned.changed) == 1)
    assert planned.changed[-1].words_for(row.number).text == "In my own words."
    stored = planned.on_lane(lambda: Decisions(planned.session).sentence_edits(planned.result_id))
    assert (stored[0].original, stored[0].text) == (row.sentence.text, "In my own words.")


def test_override_comes_back_as_reason_and_note(qtbot, planned):
    planned.decisions.override("ansm:1", "will_monitor: INR on Monday: 9 am")
    qtbot.waitUntil(lambda: len(planned.changed) == 1)
    (given,) = planned.changed[-1].overrides
    assert given.rule_id == "ansm:1"
    assert (given.reason, given.note) == ("will_monitor", "INR on Monday: 9 am")


def test_signature_names_the_signer_and_a_later_decision_takes_it_back(qtbot, planned):
    planned.decisions.sign()
    qtbot.waitUntil(lambda: len(planned.signed) == 1)
    assert (planned.signed[0].name, planned.signed[0].role) == ("Dr Lin", "clinical_lead")
    planned.decisions.adopt(a_sentence("unsupported").number)
    qtbot.waitUntil(lambda: len(planned.signed) == 2)
    assert planned.signed[1] is None
    assert planned.decisions.signature is None


def test_nurse_may_not_sign_or_override(qtbot, planned):
    nurse = Session(planned.session.case_file, replace(planned.session.user, role=Role.NURSE))
    planned.work_on(nurse)
    planned.decisions.sign()
    planned.decisions.override("ansm:1", "no_alternative")
    qtbot.waitUntil(lambda: planned.failed == ["not_allowed", "not_allowed"])
    assert planned.decisions.signature is None


def test_case_that_changed_after_the_plan_cannot_be_signed(qtbot, planned):
    planned.on_lane(lambda: Cases(planned.session).save(replace(planned.case, text="Cough and fever.")))
    planned.decisions.sign()
    qtbot.waitUntil(lambda: planned.failed == ["stale_revision"])


def test_sentence_written_later_can_be_decided_about(qtbot, planned):
    planned.decisions.add_sentence(api.PlanSentence("Drink enough.", [], "unsupported", written_by="model"))
    last = number_sentences(planned.decisions.plan)[-1]
    assert last.sentence.text == "Drink enough."
    planned.decisions.adopt(last.number)
    qtbot.waitUntil(lambda: len(planned.changed) == 1)
    assert planned.changed[-1].words_for(last.number) is not None


def test_without_a_plan_nothing_is_decided(planned):
    planned.decisions.work_on(planned.session, planned.case.id, None, None)
    planned.changed.clear()
    planned.decisions.adopt(0)
    planned.decisions.sign()
    assert (planned.changed, planned.failed) == ([], [])
