"""The wiring of the pages: which signal asks for what, and where each answer is shown. Part of the wiring place."""

from __future__ import annotations

from desktop import errors
from desktop.access import Access, Entered
from desktop.case.record import CaseId, CaseRecord
from desktop.case.suggestions import waiting
from desktop.clinic_policy import ClinicPolicy
from desktop.consultation import Consultation, Ranking
from desktop.engine_client.process import EngineProcess
from desktop.kept_run import RunEnding
from desktop.model_shelf import ModelShelf
from desktop.opened_case import OpenedCase
from desktop.plan_decisions import PlanDecisions
from desktop.store.permissions import Permission
from desktop.today_list import TodayList
from desktop.views.messages import finding_unknown
from desktop.views.shell import ShellWindow


def wire_gate(window: ShellWindow, access: Access) -> None:
    """Set-up, unlock and lock."""
    setup, unlock = window.setup, window.unlock
    access.setup_needed.connect(window.show_setup)
    setup.create_requested.connect(lambda typed: (setup.show_working(), access.create(typed)))
    access.created.connect(lambda made: setup.show_recovery_code(made.recovery_code))
    access.users_listed.connect(lambda names: (unlock.show_users(names), window.show_unlock()))
    unlock.unlock_requested.connect(lambda typed: (unlock.show_working(), access.unlock(typed)))
    unlock.recovery_requested.connect(lambda typed: (unlock.show_working(), access.recover(typed)))
    unlock.retry_requested.connect(access.start)
    access.entered.connect(lambda _: (unlock.show_idle(), window.show_workplace()))
    access.locked.connect(window.show_unlock)
    access.failed.connect(lambda code: _refuse(window, code))
    window.lock_requested.connect(access.lock)


def _refuse(window: ShellWindow, code: str) -> None:
    if window.is_setting_up:
        window.setup.show_failed(code)
    else:
        window.show_unlock()
        window.unlock.show_failed(code)


def wire_today(window: ShellWindow, today: TodayList, consultation: Consultation) -> None:
    """The list of cases, and the way into one."""
    page = window.pages.today
    page.query_changed.connect(today.ask)
    page.case_chosen.connect(lambda case_id: (window.pages.case.flush(), consultation.open(CaseId(case_id))))
    today.listed.connect(page.show_rows)
    today.failed.connect(page.show_failed)
    for asked in (page.new_case_requested, window.new_case_requested):
        asked.connect(lambda: (window.pages.case.flush(), consultation.new_case()))
    window.page_shown.connect(lambda name: today.refresh() if name == "today" else None)


def wire_case(window: ShellWindow, consultation: Consultation) -> None:
    """The record, its findings, and the status line that names the patient."""
    page = window.pages.case
    page.edited.connect(consultation.edit)
    page.finding_decided.connect(consultation.decide_findings)
    page.finding_typed.connect(consultation.add_finding)
    page.run_requested.connect(consultation.diagnose)
    consultation.opened.connect(lambda opened: _open(window, opened))
    consultation.closed.connect(lambda: (window.open_case(False), window.status.show_patient(None)))
    consultation.record_changed.connect(window.status.show_patient)
    consultation.findings_changed.connect(lambda record: page.show_findings(record.findings))
    consultation.reading_noted.connect(page.reading.show_notes)
    consultation.drugs_read.connect(page.reading.show_drugs)
    consultation.finding_unknown.connect(lambda typed: page.banner.show_made(lambda: finding_unknown(typed)))
    consultation.draft_kept.connect(page.show_saved)
    consultation.failed.connect(lambda code: _say_failed(window, code))
    window.page_shown.connect(lambda _: page.flush())
    window.stop_requested.connect(consultation.stop)


def _say_failed(window: ShellWindow, code: str) -> None:
    """Say what failed on the case page, or above every page when the store failed while another one is open."""
    about_the_store = code in errors.every_code() and code != "internal"
    (window if about_the_store and window.page != "case" else window.pages.case).show_failed(code)


def _open(window: ShellWindow, opened: OpenedCase) -> None:
    window.open_case(True)
    window.pages.case.show_case(opened.record)
    window.status.show_patient(opened.record)
    window.show_page("case")
    window.pages.case.story.setFocus()


def wire_differential(window: ShellWindow, consultation: Consultation, *, commit_first: bool) -> None:
    """The ranking: commit first, run, stop, and on to the plan."""
    page = window.pages.differential

    def show_opened(opened: OpenedCase) -> None:
        page.show_case(opened.record)
        if opened.differential is not None:
            page.show_differential(opened.differential, opened.record.own_diagnosis, commit_first)
        for ending in opened.endings:
            show_ending(ending)

    def show_ranked(ranking: Ranking) -> None:
        page.show_differential(ranking.differential, ranking.own, commit_first)

    def show_ending(ending: RunEnding) -> None:
        if ending.kind == "diagnose":
            _show_ending(page, ending)

    consultation.opened.connect(show_opened)
    consultation.opened.connect(lambda opened: _show_waiting(window, opened.record))
    consultation.findings_changed.connect(lambda record: _show_waiting(window, record))
    consultation.ranked.connect(show_ranked)
    consultation.run_ended.connect(show_ending)
    consultation.stage_reached.connect(lambda kind, stage: _show_ranking(window, kind, stage))
    consultation.staleness_changed.connect(lambda now: page.set_stale(now.differential))
    page.own_diagnosis_given.connect(consultation.give_own_diagnosis)
    page.answer_given.connect(consultation.answer)
    page.run_requested.connect(lambda: (window.pages.case.flush(), consultation.diagnose()))
    page.stop_requested.connect(consultation.stop)
    page.plan_requested.connect(lambda code: (consultation.plan(code), window.show_page("plan")))
    window.own_diagnosis_requested.connect(page.ask_own_diagnosis)


def _show_waiting(window: ShellWindow, record: CaseRecord) -> None:
    window.pages.differential.waiting_findings.show_count(len(waiting(record.findings)))


def _show_ranking(window: ShellWindow, kind: str, stage: str) -> None:
    if kind == "diagnose":
        window.show_page("differential")
        window.pages.differential.show_running(stage)


def _show_ending(page, ending: RunEnding) -> None:  # type: ignore[no-untyped-def]  # a ranking or a plan page
    match ending.status:
        case "ok":
            if ending.versions is not None and hasattr(page, "show_versions"):
                page.show_versions(ending.versions, ending.made_at)
        case "cancelled":
            page.show_stopped()
        case "failed":
            page.show_failed(ending.code)
        case "interrupted":
            page.show_failed("interrupted")


def wire_plan(window: ShellWindow, consultation: Consultation, decisions: PlanDecisions, access: Access) -> None:
    """The plan, what is decided about it, and the signature."""
    page = window.pages.plan

    def show_opened(opened: OpenedCase) -> None:
        page.show_empty()
        window.pages.case.form.show_measures(opened.plan.outcomes if opened.plan is not None else ())
        if opened.plan is not None:
            page.show_plan(opened.plan)
        for ending in opened.endings:
            show_ending(ending)
        stored = opened.plan_result
        decisions.work_on(access.session, opened.record.id, opened.plan, (lambda: stored.id) if stored else None)
        decisions.show_stored(opened.decisions, opened.signature)

    def show_planned(plan) -> None:  # type: ignore[no-untyped-def]
        assert consultation.record is not None
        assert consultation.plan_run is not None
        page.show_plan(plan)
        window.pages.case.form.show_measures(plan.outcomes)
        decisions.work_on(access.session, consultation.record.id, plan, consultation.plan_run.result_id)

    def show_ending(ending: RunEnding) -> None:
        if ending.kind == "plan":
            page.show_ready()
            _show_ending(page, ending)

    consultation.opened.connect(show_opened)
    consultation.planned.connect(show_planned)
    consultation.sentence_written.connect(page.add_sentence)
    consultation.sentence_written.connect(decisions.add_sentence)
    consultation.run_ended.connect(show_ending)
    consultation.stage_reached.connect(lambda kind, stage: page.show_running(stage) if kind == "plan" else None)
    consultation.staleness_changed.connect(lambda now: page.set_stale(now.plan))
    decisions.changed.connect(page.show_decisions)
    decisions.signed.connect(page.show_signature)
    decisions.failed.connect(page.show_failed)
    page.plan_requested.connect(lambda prose: consultation.plan(prose=prose))
    page.stop_requested.connect(consultation.stop)
    page.sentence_adopted.connect(decisions.adopt)
    page.sentence_edited.connect(decisions.edit)
    page.override_given.connect(decisions.override)
    page.sign_requested.connect(decisions.sign)
    access.entered.connect(lambda entered: page.show_signer(entered.user.display_name, entered.user.role))
    access.created.connect(lambda entered: page.show_signer(entered.user.display_name, entered.user.role))


def wire_check(window: ShellWindow, consultation: Consultation) -> None:
    """The check of the patient's own medications, made when the page is opened and the case has changed."""
    page = window.pages.check

    def show_opened(opened: OpenedCase) -> None:
        page.show_case(opened.record)
        if opened.check is not None:
            page.show_check(opened.check)

    def show_ending(ending: RunEnding) -> None:
        if ending.kind == "check":
            _show_ending(page, ending)

    consultation.opened.connect(show_opened)
    consultation.record_changed.connect(page.update_case)
    consultation.checked.connect(page.show_check)
    consultation.run_ended.connect(show_ending)
    consultation.stage_reached.connect(lambda kind, stage: page.show_running(stage) if kind == "check" else None)
    consultation.staleness_changed.connect(lambda now: page.set_stale(now.check))
    page.check_requested.connect(consultation.check)
    page.medication_requested.connect(lambda: (window.show_page("case"), window.pages.case.add_medication()))
    page.stop_requested.connect(consultation.stop)
    window.page_shown.connect(lambda name: consultation.check_if_needed() if name == "check" else None)


def wire_clinic(window: ShellWindow, clinic: ClinicPolicy, consultation: Consultation, decisions: PlanDecisions,
                access: Access) -> None:
    """The clinic's own priors and cases: shown to everybody, changed by the clinical lead, told to every ranking."""
    page = window.pages.clinic
    clinic.changed.connect(page.show_policy)
    clinic.practice_changed.connect(consultation.start_from)
    clinic.failed.connect(window.show_failed)
    page.own_cases_switched.connect(clinic.use_own_cases)
    page.priors_chosen.connect(clinic.choose_priors)
    page.priors_removed.connect(clinic.remove_priors)
    decisions.signed.connect(lambda signature: clinic.count() if signature is not None else None)
    for entered in (access.entered, access.created):
        entered.connect(lambda made: clinic.work_as(made.session))
    access.locked.connect(lambda: clinic.work_as(None))


def wire_models(window: ShellWindow, shelf: ModelShelf, access: Access) -> None:
    """The models of this machine: seen by everybody, changed by IT and the clinical lead."""
    page = window.pages.models
    shelf.changed.connect(page.show_models)
    shelf.failed.connect(window.show_failed)
    page.verify_requested.connect(shelf.verify)
    page.rollback_requested.connect(shelf.roll_back)
    page.folder_chosen.connect(shelf.install)
    page.measure_requested.connect(shelf.measure)
    for entered in (access.entered, access.created):
        entered.connect(lambda made: shelf.work_as(made.session))
    access.locked.connect(lambda: shelf.work_as(None))
    window.page_shown.connect(lambda name: shelf.look() if name == "models" else None)


def wire_status(window: ShellWindow, engine: EngineProcess) -> None:
    """The engine's own words about itself."""
    engine.hello.connect(window.status.show_engine)
    engine.state_changed.connect(window.status.show_engine_state)


def enter(window: ShellWindow, consultation: Consultation, today: TodayList, entered: Entered) -> None:
    """Put a user to work; a case stays open only for somebody who may read it."""
    session = entered.session
    consultation.work_as(session)
    today.work_as(session)
    window.show_user(entered.user.display_name, entered.user.role)
    if not session.may(Permission.READ_CASES):
        consultation.close()
        window.show_page("today")
    else:
        consultation.resume()
    window.pages.today.ask()
