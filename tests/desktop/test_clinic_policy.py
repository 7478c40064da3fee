"""Who may change what rankings start from, and that the rankings really hear of it."""

import json
from dataclasses import replace

import pytest

from desktop.case.record import Role
from desktop.clinic_policy import ClinicPolicy
from desktop.consultation import Consultation
from desktop.settings import Settings
from desktop.store.cases import Cases
from desktop.store.files import CaseFiles
from desktop.store.keys import HashingCost
from desktop.store.lane import StoreLane
from desktop.store.session import NewUser, create_clinic, switch_user
from desktop.store.users import Users
from desktop.tasks import Tasks
from engine import api
from tests.desktop.desk import ScriptedEngine
from tests.desktop.store.conftest import a_case
from tests.desktop.store.test_own_cases import plan_for

QUICK = HashingCost(memory_kib=1024, iterations=1, lanes=1)
OURS = {"format": 1, "name": "Ours", "rows": [{"condition": "Influenza", "per_100000_years": 6000}]}


class Desk:
    def __init__(self, folder, settings):
        self.path = folder / "priors.json"
        self.lane, self.tasks, self.engine = StoreLane(), Tasks(), ScriptedEngine()
        lead = NewUser("lin", "Dr Lin", Role.CLINICAL_LEAD, "three odd words")
        self.session = self.on_lane(lambda: create_clinic(CaseFiles(folder / "case"), lead, cost=QUICK).session)
        self.on_lane(lambda: Users(self.session, cost=QUICK).add(NewUser("li", "Li", Role.NURSE, "nurse password")))
        self.policy = ClinicPolicy(self.lane, self.engine, self.tasks, self.path, settings)
        self.settings, self.failures = settings, []
        self.policy.settings_changed.connect(self.keep)
        self.policy.failed.connect(self.failures.append)

    def keep(self, change):
        self.settings = change(self.settings)

    def on_lane(self, work):
        return self.lane.submit(work).result()

    def close(self):
        self.on_lane(self.session.case_file.close)
        self.lane.close()
        self.tasks.close()


@pytest.fixture
def desk(qapp, tmp_path):
    desk = Desk(tmp_path, Settings(region="Yunnan, China"))
    yield desk
    desk.close()


def file_with(tmp_path, content):
    path = tmp_path / "chosen.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_signed_cases_reach_the_engine_once_the_lead_switches_them_on(qtbot, desk):
    desk.on_lane(lambda: plan_for(desk.session, Cases(desk.session).save(a_case()), "DDX:Influenza", sign=True))
    consultation = Consultation(desk.lane, desk.engine, desk.tasks)
    consultation.work_as(desk.session)
    desk.policy.practice_changed.connect(consultation.start_from)
    desk.policy.work_as(desk.session)
    qtbot.waitUntil(lambda: bool(desk.policy.view.confirmed))
    assert desk.policy.practice().confirmed == {}
    desk.policy.use_own_cases(True)
    consultation.new_case()
    consultation.edit(replace(consultation.record, text="cough"))
    consultation.diagnose()
    qtbot.waitUntil(lambda: desk.engine.count("diagnose") == 1)
    asked = desk.engine.last("diagnose").request.practice
    assert asked == api.Practice("published", "Yunnan, China", None, {"DDX:Influenza": 1})
    assert desk.settings.own_cases is True


def test_a_nurse_sees_the_policy_and_cannot_change_it(qtbot, desk, tmp_path):
    nurse = desk.on_lane(lambda: switch_user(desk.session, "li", "nurse password"))
    desk.policy.work_as(nurse)
    assert desk.policy.view.may_change is False
    desk.policy.use_own_cases(True)
    desk.policy.choose_priors(file_with(tmp_path, OURS))
    desk.policy.remove_priors()
    assert desk.failures == ["not_allowed"] * 3
    assert desk.policy.practice().confirmed == {}
    assert desk.engine.count("diagnose") == 0
    assert not desk.path.exists()


def test_a_file_that_the_engine_accepts_is_kept_and_used_after_the_next_start(desk, tmp_path):
    desk.policy.work_as(desk.session)
    desk.policy.choose_priors(file_with(tmp_path, OURS))
    assert desk.policy.view.is_checking
    desk.engine.answer("diagnose")
    assert desk.policy.view.priors.name == "Ours"
    again = ClinicPolicy(desk.lane, desk.engine, desk.tasks, desk.path, desk.settings)
    again.start()
    assert again.practice().priors == desk.policy.view.priors
    desk.policy.remove_priors()
    assert desk.policy.practice().priors is None
    assert not desk.path.exists()


def test_a_file_that_the_engine_refuses_is_not_kept_and_its_row_is_named(desk, tmp_path):
    desk.policy.work_as(desk.session)
    desk.policy.choose_priors(file_with(tmp_path, OURS))
    run = desk.engine.last("diagnose")
    run.receive(api.Failed(run.run_id, "bad_request", "priors file: row 1: no common condition is called 'Flue'"))
    assert "row 1" in desk.policy.view.refused
    assert desk.policy.view.priors is None
    assert not desk.path.exists()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"name": "x", "rows": [{"condition": 1}]}', "x" * 600_000])
def test_a_file_of_another_shape_is_refused_before_the_engine_is_asked(desk, tmp_path, content):
    desk.policy.work_as(desk.session)
    desk.policy.choose_priors(file_with(tmp_path, content))
    assert desk.policy.view.refused
    assert desk.engine.count("diagnose") == 0


def test_a_kept_file_that_was_damaged_is_left_out_and_said(desk):
    desk.path.write_text("{", encoding="utf-8")
    desk.policy.start()
    assert desk.failures == ["priors_refused"]
    assert desk.policy.practice().priors is None
