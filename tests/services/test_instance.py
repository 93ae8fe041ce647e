from __future__ import annotations

import stat
from pathlib import Path

import pytest

from drafter.core.errors import BadInput, NotFound, Refused
from drafter.core.steps import Reword
from drafter.services import editing, serving
from drafter.services.authority import OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.services.settings import read_settings
from drafter.services.verifying import verify
from tests.services.reports import BLANK, DONE, SIXTEEN, Ticking, write_source

SEAT = Actor("seat", 1)


def test_a_report_begins_with_its_folder_and_an_id_for_each_clause(tmp_path: Path) -> None:
    source = write_source(tmp_path / "source")
    (source / "drafts" / "values.md").write_text("# Values\n\nPower is ours.\n")
    (source / "drafts" / ".hidden").write_text("no")
    made = [
        Instance.create(tmp_path / name, source, clock=Ticking(), salt=salt)
        for name, salt in (("a", ""), ("b", ""), ("c", "other"))
    ]
    assert made[0].tip == made[1].tip
    assert made[0].tip != made[2].tip
    assert all(place.clause.id for place in made[0].report.places() if place.clause.line > 3)
    assert made[0].repository.commit(made[0].tip).kind == "first"
    assert verify(made[0].repository, made[0].database).findings == ()


def test_secrets_are_readable_by_their_owner_alone(instance: Instance) -> None:
    assert len(instance.secret_key) == 64
    data = "settings.toml" if instance.settings.database else "drafter.sqlite3"
    for name in ("secret-key", data):
        mode = stat.S_IMODE((instance.path / name).stat().st_mode)
        assert mode & 0o077 == 0
    assert stat.S_IMODE(instance.path.stat().st_mode) & 0o077 == 0


def test_an_instance_is_never_made_over_something_else(instance: Instance, source: Path) -> None:
    with pytest.raises(Refused):
        Instance.create(instance.path, source)
    with pytest.raises(NotFound):
        Instance.open(instance.path / "nowhere")
    with pytest.raises(NotFound):
        Instance.create(instance.path.with_name("other"), instance.path)
    assert not instance.path.with_name("other").exists()


def test_a_configuration_with_tags_or_wrong_rules_is_refused(tmp_path: Path, source: Path) -> None:
    config = source / "mkdocs.yml"
    good = config.read_text()
    for bad in (good + "hook: !!python/name:os.system\n", good.replace("1/2", "3/2")):
        config.write_text(bad)
        with pytest.raises(BadInput):
            Instance.create(tmp_path / "x", source)


def test_settings_say_what_they_mean_or_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert read_settings(path).smtp is None
    path.write_text('base_url = "https://x.org"\n[smtp]\nhost = "mail.x.org"\nport = 587\n')
    settings = read_settings(path)
    assert settings.base_url == "https://x.org"
    assert settings.smtp is not None
    assert settings.smtp.port == 587
    assert settings.sign_in.second_factor
    assert settings.proxies == 0
    path.write_text("proxies = 1\n[sign_in]\nsecond_factor = false\n")
    assert not read_settings(path).sign_in.second_factor
    assert read_settings(path).proxies == 1
    for bad in (
        "base_uri = 1",
        "base_url = 1",
        "[smtp]\nport = 1",
        "= 1",
        "smtp = 3",
        "sign_in = 1",
    ):
        path.write_text(bad)
        with pytest.raises(BadInput, match="settings"):
            read_settings(path)


def test_a_drafting_chapter_is_edited_and_an_amending_one_is_not(instance: Instance) -> None:
    edited = editing.edit(instance, SEAT, DONE, "Something must be done.")
    assert edited.commit == instance.tip
    new = editing.insert(instance, SEAT, "And soon.", path="drafts/blank.md", after=DONE)
    assert instance.report.locate(new.clause) is not None
    editing.repeal(instance, SEAT, new.clause)
    assert instance.report.locate(new.clause) is None
    again = editing.insert(instance, SEAT, "And soon.", path="drafts/blank.md", after=DONE)
    assert again.clause != new.clause
    assert BLANK.startswith(instance.repository.read_text(instance.tip, "drafts/blank.md")[:20])
    tip = instance.tip
    with pytest.raises(Refused, match="vote of the panel"):
        editing.edit(instance, SEAT, SIXTEEN, "Everyone may vote.")
    with pytest.raises(Refused, match="vote of the panel"):
        editing.repeal(instance, SEAT, SIXTEEN)
    assert instance.tip == tip
    assert verify(instance.repository, instance.database).findings == ()


def test_formatting_is_editorial_everywhere(instance: Instance) -> None:
    place = instance.report.locate(SIXTEEN)
    assert place is not None
    editing.edit(instance, SEAT, SIXTEEN, place.clause.wording.replace("every", "*every*"))
    assert verify(instance.repository, instance.database).findings == ()


@pytest.mark.parametrize("forged", [False, True])
def test_that_a_clause_becomes_another_kind_is_never_editorial(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, forged: bool
) -> None:
    place = instance.report.locate(SIXTEEN)
    assert place is not None
    step = Reword(SIXTEEN, place.clause.wording, type="quote")
    if not forged:
        with pytest.raises(Refused, match="becomes a quotation, was a paragraph"):
            editing.record(instance, SEAT, [step])
        return
    with monkeypatch.context() as past:
        past.setattr(editing, "edit_faults", lambda *_: iter(()))
        editing.record(instance, SEAT, [step])
    found = verify(instance.repository, instance.database).findings
    assert "becomes a quotation" in str(found)


def test_the_worker_builds_what_was_asked_for_and_says_how_far_it_is(instance: Instance) -> None:
    queued = serving.ask_to_build(instance, OPERATOR)
    assert serving.work(instance, "w")
    done = serving.job(instance, OPERATOR, queued.id)
    assert done is not None
    assert (done.state, done.progress) == ("done", 100)
    assert not serving.work(instance, "w")
