"""History that was replaced and is consistent in itself: remembered heads and signed versions."""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path

import pygit2
import pytest

from drafter.core.errors import BadInput, Unreadable
from drafter.services import publishing
from drafter.services.authority import CLERK_ACTOR, OPERATOR
from drafter.services.importing import ImportedText, import_chapters, import_versions
from drafter.services.instance import Instance
from drafter.services.seeing import Seen, read_seen, see, write_seen
from drafter.services.signing import own_signers
from drafter.services.verifying import verify
from drafter.store.history import read_version, signed_tag, tag_object, tree_sha256
from drafter.store.messages import write_tag_message
from drafter.store.repository import Repository
from tests.services.reports import Ticking, make_instance

ONE = b"# Rights\n\nAll are equal.\n"


@pytest.fixture
def published(instance: Instance) -> Instance:
    import_versions(instance, OPERATOR, [ImportedText({"A.md": ONE}, "The first")])
    return instance


@pytest.fixture
def key(instance: Instance) -> Path:
    return keyed(instance, "report-key")


def keyed(instance: Instance, name: str) -> Path:
    """Make a key for an instance, and have it sign its versions."""
    path = instance.path / name
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "report", "-f", path], check=True
    )
    instance.settings = dataclasses.replace(instance.settings, signing_key=name)
    return path


def said(instance: Instance, seen: Seen | None = None, signers: str | None = None) -> str:
    found = verify(instance.repository, seen=seen, signers=signers)
    return " ".join(f"{finding.where}: {finding.sentence}" for finding in found.findings)


def retitle(instance: Instance, title: str) -> None:
    """Put another tag in the place of the first version's, as somebody with the files may."""
    version = read_version(instance.repository, "v1")
    git = pygit2.Repository(str(instance.repository.folder))
    tag = git[git.references["refs/tags/v1"].target]
    assert isinstance(tag, pygit2.Tag)
    assert tag.tagger is not None
    git.references.delete("refs/tags/v1")
    message = write_tag_message(1, title, version.tree_sha256, imported=True)
    git.create_tag(
        "v1", pygit2.Oid(hex=version.commit), pygit2.enums.ObjectType.COMMIT, tag.tagger, message
    )


def test_a_history_that_goes_on_contains_what_was_seen(published: Instance) -> None:
    seen = see(published.repository, published.tip)
    import_chapters(published, OPERATOR, {"B.md": b"More.\n"})
    assert said(published, seen) == ""


def test_a_history_that_was_replaced_is_sound_in_itself_and_lacks_what_was_seen(
    published: Instance, tmp_path: Path
) -> None:
    seen = see(published.repository, published.tip)
    other = make_instance(tmp_path / "other", tmp_path / "source", clock=Ticking())
    import_versions(other, OPERATOR, [ImportedText({"A.md": ONE + b"\nBut some.\n"}, "The first")])
    assert said(other) == ""
    assert "does not contain" in said(other, seen)
    assert "v1: Its tag is another" in said(other, seen)
    other.close()


def test_a_history_that_was_cut_back_lacks_what_was_seen(published: Instance) -> None:
    before = published.tip
    import_chapters(published, OPERATOR, {"B.md": b"More.\n"})
    seen = see(published.repository, published.tip)
    git = pygit2.Repository(str(published.repository.folder))
    git.references.create("refs/heads/main", pygit2.Oid(hex=before), force=True)
    assert said(published) == ""
    assert "does not contain" in said(published, seen)


def test_a_version_that_got_another_title_is_told_by_who_saw_it(published: Instance) -> None:
    seen = see(published.repository, published.tip)
    retitle(published, "The agreed text")
    assert said(published) == ""
    assert said(published, seen) == "v1: Its tag is another than when this was verified last."


def test_what_was_seen_is_kept_in_a_file_and_read_again(tmp_path: Path) -> None:
    path, seen = tmp_path / "seen.json", Seen("1" * 40, {"v1": "2" * 40})
    assert read_seen(path) is None
    write_seen(path, seen)
    assert read_seen(path) == seen
    assert [each.name for each in tmp_path.iterdir()] == ["seen.json"]
    for wrong in ("", "[]", '{"format": 2, "main": "", "tags": {}}', '{"main": 3}'):
        path.write_text(wrong)
        with pytest.raises(BadInput, match="seen last"):
            read_seen(path)


# Signed versions.


def test_a_version_is_signed_as_git_itself_signs(
    published: Instance, key: Path, tmp_path: Path
) -> None:
    publishing.publish(published, CLERK_ACTOR, "The second")
    _, signature = signed_tag(published.repository, "v2")
    assert signature is not None
    signers = tmp_path / "signers"
    signers.write_text("report@example.org " + key.with_suffix(".pub").read_text())
    subprocess.run(
        ["git", "--git-dir", published.repository.folder, "-c",
         f"gpg.ssh.allowedSignersFile={signers}", "verify-tag", "v2"],
        check=True, capture_output=True,
    )  # fmt: skip
    assert said(published, signers=signers.read_text()) == ""
    assert said(published, signers=own_signers(key)) == ""
    found = verify(published.repository, signers=own_signers(key))
    assert "Not signed, because published before there was a key: v1." in found.checked


def test_imported_versions_are_signed_too_and_another_title_breaks_the_signature(
    instance: Instance, key: Path
) -> None:
    import_versions(instance, OPERATOR, [ImportedText({"A.md": ONE}, "The first")])
    signers = own_signers(key)
    assert said(instance, signers=signers) == ""
    _, signature = signed_tag(instance.repository, "v1")
    retitle(instance, "The agreed text")
    assert said(instance, signers=signers) == "the versions: None of them is signed."
    git = pygit2.Repository(str(instance.repository.folder))
    git.references.delete("refs/tags/v1")
    with instance.repository.writing() as writer:
        version = instance.repository.commit(instance.tip)
        digest = tree_sha256(instance.repository, version.id)
        message = write_tag_message(1, "The agreed text", digest, imported=True)
        writer.create_tag(1, version.id, message, version.time, lambda _: str(signature))
    assert "by none of the signers" in said(instance, signers=signers)


def test_who_is_not_on_the_list_signs_nothing(instance: Instance, key: Path) -> None:
    import_versions(instance, OPERATOR, [ImportedText({"A.md": ONE}, "The first")])
    other = keyed(instance, "other-key")
    assert "by none of the signers" in said(instance, signers=own_signers(other))
    assert "by none of the signers" in said(instance, signers="")


def test_a_version_after_a_signed_one_is_signed(instance: Instance, key: Path) -> None:
    import_versions(instance, OPERATOR, [ImportedText({"A.md": ONE}, "The first")])
    signers = own_signers(key)
    instance.settings = dataclasses.replace(instance.settings, signing_key=None)
    import_versions(instance, OPERATOR, [ImportedText({"A.md": ONE + b"\nMore.\n"}, "Next")])
    assert said(instance, signers=signers) == "v2: It is not signed, though an earlier version is."


def test_a_key_that_cannot_sign_is_told_before_the_version_is_there(instance: Instance) -> None:
    instance.settings = dataclasses.replace(instance.settings, signing_key="nowhere")
    before = instance.tip
    with pytest.raises(Unreadable, match="signing_key"):
        import_versions(instance, OPERATOR, [ImportedText({"A.md": ONE}, "The first")])
    with pytest.raises(Unreadable, match="signing_key"):
        publishing.publish(instance, CLERK_ACTOR, "The first")
    assert (instance.tip, instance.repository.tags()) == (before, ())


def test_a_tag_has_an_id_of_its_own(published: Instance) -> None:
    assert (
        tag_object(published.repository, "v1")
        != read_version(Repository.open(published.repository.folder), "v1").commit
    )
