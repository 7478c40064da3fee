"""One case from words to a plan, over a real case file and a scripted engine."""

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.case.record import CaseId, Course, FindingState, FollowUpVisit, Patient
from desktop.consultation import Consultation
from desktop.i18n import language
from desktop.kept_run import RunEnding
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.keys import HashingCost
from desktop.store.lane import StoreLane
from desktop.store.records import ResultStatus
from desktop.store.results import Results
from desktop.store.session import NewUser, Role, create_clinic
from desktop.tasks import Tasks
from engine import api
from tests.desktop import samples
from tests.desktop.desk import VERSIONS, ScriptedEngine, entities

QUICK = HashingCost(memory_kib=1024, iterations=1, lanes=1)
TEXT = "Fever and cough for three days."


class Desk:
    """A clinician at work: the consultation and everything it said, by the name of its signal."""

    def __init__(self, folder):
        self.lane, self.tasks, self.engine = StoreLane(), Tasks(), ScriptedEngine()
        self.case_file = None
        user = NewUser("lin", "Dr Lin", Role.CLINICAL_LEAD, "three odd words")
        self.session = self.on_lane(lambda: create_clinic(CaseFiles(folder / "case"), user, cost=QUICK).session)
        self.consultation = Consultation(self.lane, self.engine, self.tasks)
        self.consultation.work_as(self.session)
        self.said = {}
        for name in ("opened", "findings_changed", "record_changed", "draft_kept", "finding_unknown", "ranked",
                     "planned", "sentence_written", "checked", "run_ended", "staleness_changed", "closed", "failed"):
            self.said[name] = []
            getattr(self.consultation, name).connect(lambda *said, at=self.said[name]: at.append(*said or (None,)))

    def on_lane(self, work):
        return self.lane.submit(work).result()

    def close(self):
        self.on_lane(self.session.case_file.close)
        self.lane.close()
        self.tasks.close()


@pytest.fixture
def desk(qapp, tmp_path):
    desk = Desk(tmp_path)
    yield desk
    desk.close()


def write(desk, text=TEXT, **changes):
    """Open a new case and type into it; return what was typed."""
    desk.consultation.new_case()
    typed = replace(desk.consultation.record, text=text, **changes)
    desk.consultation.edit(typed)
    return typed


def run(qtbot, desk, kind, ask, *events):
    """Ask for a run, let the engine answer it well with these events (functions of the run id), wait for the end."""
    before = desk.engine.count(kind)
    ask()
    qtbot.waitUntil(lambda: desk.engine.count(kind) > before)
    run_id = desk.engine.last(kind).run_id
    desk.engine.answer(kind, *(event(run_id) for event in events))
    qtbot.waitUntil(lambda: any(ending.kind == kind for ending in desk.said["run_ended"]))


def read_out(reading, *found):
    """Let the engine end a reading well, after these events."""
    for event in (*found, api.Done(reading.run_id, VERSIONS, 1.0)):
        reading.receive(event)


def ranked(run_id):
    return api.Ranked(run_id, samples.differential(), [])


def planned(run_id):
    return api.PlanTabled(run_id, samples.plan())


def test_typing_is_kept_as_a_draft_and_read_by_the_engine(qtbot, desk):
    typed = write(desk)
    assert desk.engine.last("extract").request.text == TEXT
    qtbot.waitUntil(lambda: desk.said["draft_kept"][-1:] == [True])
    assert desk.on_lane(lambda: Cases(desk.session).load_draft(typed.id)).record.text == TEXT


def test_what_the_engine_reads_becomes_suggestions_and_the_text_stays(desk):
    write(desk)
    extract = desk.engine.last("extract")
    read_out(extract, entities(extract, ("Fever", "E_91"), ("cough", "E_201")))
    record = desk.said["findings_changed"][-1]
    assert [(finding.code, finding.state) for finding in record.findings] == [
        ("E_91", FindingState.SUGGESTED), ("E_201", FindingState.SUGGESTED)]
    assert record.text == TEXT


def test_a_long_text_is_read_out_in_pieces_and_all_of_them_count(desk):
    write(desk)
    extract = desk.engine.last("extract")
    extract.receive(entities(extract, ("Fever", "E_91")))
    assert desk.consultation.record.findings == ()
    read_out(extract, entities(extract, ("cough", "E_201")))
    assert {finding.code for finding in desk.consultation.record.findings} == {"E_91", "E_201"}


def test_newer_typing_stops_the_older_reading_and_its_late_answer_is_ignored(desk):
    typed = write(desk)
    first = desk.engine.last("extract")
    desk.consultation.edit(replace(typed, text="Rash."))
    assert desk.engine.cancelled == [first]
    read_out(first, entities(first, ("Fever", "E_91")))
    assert desk.consultation.record.findings == ()


def test_known_identifiers_never_reach_the_engine(desk):
    write(desk, "Zebulon Quartermaine has fever.", patient=Patient(name="Zebulon Quartermaine"))
    assert "Zebulon" not in desk.engine.last("extract").request.text
    desk.consultation.edit(replace(desk.consultation.record, text="Fever. Zebulon Quartermaine coughs."))
    assert "Quartermaine" not in desk.engine.last("extract").request.text


def test_decided_findings_survive_further_typing(desk):
    typed = write(desk)
    extract = desk.engine.last("extract")
    read_out(extract, entities(extract, ("Fever", "E_91")))
    fever = desk.consultation.record.findings[0]
    desk.consultation.decide_findings((fever.id,), FindingState.CONFIRMED)
    desk.consultation.edit(replace(typed, text=TEXT + " Better now."))
    extract = desk.engine.last("extract")
    read_out(extract, entities(extract, ("cough", "E_201")))
    states = {finding.code: finding.state for finding in desk.consultation.record.findings}
    assert states == {"E_91": FindingState.CONFIRMED, "E_201": FindingState.SUGGESTED}


def test_typed_finding_is_confirmed_and_an_unknown_one_is_said_so(desk):
    write(desk)
    desk.consultation.add_finding("stiff neck")
    words = desk.engine.last("extract")
    read_out(words, entities(words, ("stiff neck", "HP:0025258")))
    assert desk.consultation.record.findings[-1].state is FindingState.CONFIRMED
    desk.consultation.add_finding("grumblings")
    words = desk.engine.last("extract")
    read_out(words, api.EntitiesFound(words.run_id, []))
    assert desk.said["finding_unknown"] == ["grumblings"]


def test_ranking_saves_a_revision_first_and_keeps_the_result(qtbot, desk):
    typed = write(desk)
    run(qtbot, desk, "diagnose", desk.consultation.diagnose, ranked)
    assert desk.consultation.record.revision == 1
    assert desk.said["ranked"][0].own is None
    stored = desk.on_lane(lambda: Results(desk.session).latest(typed.id, "diagnose"))
    assert stored.status is ResultStatus.OK
    assert stored.differential() == samples.differential()


def test_own_diagnosis_is_stored_before_the_engine_is_asked_again(qtbot, desk):
    typed = write(desk)
    desk.consultation.give_own_diagnosis("  Pneumonia ")
    qtbot.waitUntil(lambda: desk.engine.count("diagnose") == 1)
    saved = desk.on_lane(lambda: Cases(desk.session).load(typed.id))
    assert saved.own_diagnosis == "Pneumonia"
    assert desk.engine.last("diagnose").request.case.own_diagnosis == "Pneumonia"
    run_id = desk.engine.last("diagnose").run_id
    desk.engine.answer("diagnose", ranked(run_id))
    assert desk.said["ranked"][-1].own == "Pneumonia"


def test_blank_own_diagnosis_is_no_diagnosis(desk):
    write(desk)
    desk.consultation.give_own_diagnosis("   ")
    assert desk.consultation.record.own_diagnosis is None
    assert desk.engine.count("diagnose") == 0


def test_edit_after_a_result_marks_it_stale_and_undoing_it_does_not(qtbot, desk):
    typed = write(desk)
    run(qtbot, desk, "diagnose", desk.consultation.diagnose, ranked)
    assert not desk.said["staleness_changed"][-1].differential
    desk.consultation.edit(replace(typed, weight_kg=70.0))
    assert desk.said["staleness_changed"][-1].differential
    desk.consultation.edit(typed)
    assert not desk.said["staleness_changed"][-1].differential


def test_plan_is_made_for_the_chosen_diagnosis_in_the_language_of_the_screen(qtbot, desk):
    write(desk)
    sentence = api.PlanSentence("Rest.", ["s1"], "supported", written_by="model")
    run(qtbot, desk, "plan", lambda: desk.consultation.plan("DDX:Pneumonia", prose=True), planned,
        lambda run_id: api.SentenceWritten(run_id, sentence))
    request = desk.engine.last("plan").request
    assert (request.diagnosis, request.prose, request.language) == ("DDX:Pneumonia", True, language())
    assert desk.said["planned"] == [samples.plan()]
    assert desk.said["sentence_written"] == [sentence]


def test_plan_without_a_choice_is_for_the_clinicians_own_diagnosis(qtbot, desk):
    write(desk)
    desk.consultation.give_own_diagnosis("Asthma")
    run(qtbot, desk, "plan", desk.consultation.plan, planned)
    assert desk.engine.last("plan").request.diagnosis == "Asthma"


def test_follow_up_plan_is_compared_with_the_plan_before(qtbot, desk):
    typed = write(desk)
    run(qtbot, desk, "plan", lambda: desk.consultation.plan("DDX:Pneumonia"), planned)
    assert desk.engine.last("plan").request.previous is None
    desk.consultation.edit(replace(typed, follow_up=(FollowUpVisit("2026-11-20", Course.WORSE),)))
    run(qtbot, desk, "plan", desk.consultation.plan, planned)
    assert desk.engine.last("plan").request.previous == samples.plan()


def test_failed_run_is_told_and_stored_with_its_code(qtbot, desk):
    typed = write(desk)
    desk.consultation.diagnose()
    qtbot.waitUntil(lambda: desk.engine.count("diagnose") == 1)
    failing = desk.engine.last("diagnose")
    failing.receive(api.Failed(failing.run_id, "engine_crashed", "exit code 9"))
    ending = desk.said["run_ended"][-1]
    assert (ending.kind, ending.status, ending.code) == ("diagnose", "failed", "engine_crashed")
    stored = desk.on_lane(lambda: Results(desk.session).latest(typed.id, "diagnose"))
    assert (stored.status, stored.error_code) == (ResultStatus.FAILED, "engine_crashed")


def test_stop_keeps_what_had_arrived(qtbot, desk):
    typed = write(desk)
    desk.consultation.diagnose()
    qtbot.waitUntil(lambda: desk.engine.count("diagnose") == 1)
    stopped = desk.engine.last("diagnose")
    stopped.receive(ranked(stopped.run_id))
    desk.consultation.stop()
    assert stopped in desk.engine.cancelled
    stopped.receive(api.Cancelled(stopped.run_id))
    assert desk.said["run_ended"][-1].status == "cancelled"
    stored = desk.on_lane(lambda: Results(desk.session).latest(typed.id, "diagnose"))
    assert stored.status is ResultStatus.CANCELLED
    assert stored.differential() is not None


def test_events_of_a_superseded_run_do_not_reach_the_page(qtbot, desk):
    write(desk)
    desk.consultation.diagnose()
    qtbot.waitUntil(lambda: desk.engine.count("diagnose") == 1)
    first = desk.engine.last("diagnose")
    desk.consultation.diagnose()
    qtbot.waitUntil(lambda: desk.engine.count("diagnose") == 2)
    first.receive(ranked(first.run_id))
    assert desk.said["ranked"] == []


def test_opening_a_stored_case_brings_back_result_and_ending(qtbot, desk):
    typed = write(desk)
    run(qtbot, desk, "diagnose", desk.consultation.diagnose, ranked)
    desk.consultation.close()
    desk.consultation.open(CaseId(typed.id))
    qtbot.waitUntil(lambda: len(desk.said["opened"]) == 2)
    opened = desk.said["opened"][-1]
    assert opened.record.text == TEXT
    assert opened.differential == samples.differential()
    assert [(ending.kind, ending.status) for ending in opened.endings] == [("diagnose", "ok")]
    assert isinstance(opened.endings[0], RunEnding)
    assert not desk.said["staleness_changed"][-1].differential


def test_run_without_an_ending_is_shown_as_interrupted(qtbot, desk):
    typed = write(desk)
    desk.consultation.diagnose()
    qtbot.waitUntil(lambda: desk.engine.count("diagnose") == 1)
    desk.consultation.open(CaseId(typed.id))
    qtbot.waitUntil(lambda: len(desk.said["opened"]) == 2)
    assert [ending.status for ending in desk.said["opened"][-1].endings] == ["interrupted"]


def test_unsaved_typing_comes_back_when_the_case_is_opened_again(qtbot, desk):
    typed = write(desk)
    run(qtbot, desk, "diagnose", desk.consultation.diagnose, ranked)
    desk.consultation.edit(replace(typed, text=TEXT + " And a rash."))
    desk.consultation.open(CaseId(typed.id))
    qtbot.waitUntil(lambda: len(desk.said["opened"]) == 2)
    assert desk.said["opened"][-1].record.text.endswith("And a rash.")
    assert desk.said["staleness_changed"][-1].differential


def test_unknown_case_is_said_and_nothing_is_opened(qtbot, desk):
    desk.consultation.open(CaseId("nobody"))
    qtbot.waitUntil(lambda: desk.said["failed"] == ["file_missing"])
    assert desk.said["opened"] == []


def test_medication_check_is_made_once_and_again_after_a_change(qtbot, desk):
    typed = write(desk)
    run(qtbot, desk, "check", desk.consultation.check_if_needed,
        lambda run_id: api.Checked(run_id, samples.check_result()))
    assert desk.said["checked"] == [samples.check_result()]
    desk.consultation.check_if_needed()
    assert desk.engine.count("check") == 1
    desk.consultation.edit(replace(typed, weight_kg=70.0))
    desk.consultation.check_if_needed()
    qtbot.waitUntil(lambda: desk.engine.count("check") == 2)


def test_too_long_text_is_not_sent_to_be_read(desk):
    write(desk, "x" * (api.MAX_TEXT_CHARS + 1))
    assert desk.engine.count("extract") == 0


def test_while_locked_nothing_is_saved_or_run(desk):
    write(desk)
    desk.consultation.work_as(None)
    desk.consultation.diagnose()
    assert desk.engine.count("diagnose") == 0


def test_leaving_a_case_saves_what_was_typed_as_a_revision(qtbot, desk):
    typed = write(desk)
    desk.consultation.new_case()
    saved = desk.on_lane(lambda: Cases(desk.session).load(typed.id))
    assert (saved.revision, saved.text) == (1, TEXT)
    assert desk.on_lane(lambda: Cases(desk.session).drafts()) == ()


def test_impossible_value_stays_a_draft_when_the_case_is_left(desk):
    typed = write(desk, age_years=400.0)
    desk.consultation.close()
    assert desk.on_lane(lambda: Cases(desk.session).load(typed.id)) is None
    assert desk.on_lane(lambda: Cases(desk.session).load_draft(typed.id)).record.age_years == 400.0


def test_untouched_new_case_leaves_no_trace(desk):
    desk.consultation.new_case()
    desk.consultation.close()
    assert desk.on_lane(lambda: Cases(desk.session).recent()) == ()


def test_after_a_power_cut_work_goes_on_at_the_latest_draft_of_today(qtbot, desk):
    typed = write(desk)
    desk.on_lane(lambda: None)
    again = Consultation(desk.lane, desk.engine, desk.tasks)
    again.work_as(desk.session)
    with qtbot.waitSignal(again.opened) as opened:
        again.resume()
    assert opened.args[0].record.text == typed.text


def test_draft_of_an_earlier_day_is_not_pushed_on_anybody(qtbot, desk):
    write(desk, visit_date="2020-01-01")
    desk.on_lane(lambda: None)
    again = Consultation(desk.lane, desk.engine, desk.tasks)
    again.work_as(desk.session)
    with qtbot.assertNotEmitted(again.opened, wait=200):
        again.resume()


def test_a_variant_file_reaches_the_engine_as_a_nameless_copy(qtbot, desk, tmp_path):
    source = tmp_path / "Zebulon Quartermaine.vcf"
    source.write_text("##fileformat=VCFv4.2\n##cmd=Zebulon\n"
                      "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tZebulon\n")
    write(desk, vcf_path=str(source))
    run(qtbot, desk, "check", desk.consultation.check, lambda run_id: api.Checked(run_id, samples.check_result()))
    copy = Path(desk.engine.last("check").request.case.vcf)
    assert copy.parent == desk.engine.private_folder
    assert "Zebulon" not in copy.name + copy.read_text()
    assert not desk.said["staleness_changed"][-1].check
    desk.consultation.edit(replace(desk.consultation.record, vcf_path=str(tmp_path / "another.vcf")))
    assert desk.said["staleness_changed"][-1].check


def test_a_variant_file_that_is_gone_still_lets_the_check_run(qtbot, desk, tmp_path):
    write(desk, vcf_path=str(tmp_path / "gone.vcf"))
    run(qtbot, desk, "check", desk.consultation.check, lambda run_id: api.Checked(run_id, samples.check_result()))
    assert not Path(desk.engine.last("check").request.case.vcf).exists()
