"""Front matter: where it ends, and the few plain YAML values that it may hold.

Knows the two keys of a chapter (`title`, `phase`); what other files keep in their front matter is
theirs to check, with `Fields`. Also reads `mkdocs.yml` safely (`load_yaml`): no tags, no aliases,
no repeated keys, bounded size and depth.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast, get_args

import yaml

from drafter.core.blocks import FRONT, NEWLINES, split_front_matter
from drafter.core.errors import BadInput
from drafter.core.saying import say

Phase = Literal["drafting", "amending"]
Value: TypeAlias = (
    "str | int | float | bool | datetime.date | datetime.datetime | bytes | "
    "list[Value] | dict[str, Value] | None"
)

MOST_CHARACTERS = 1_000_000
DEEPEST = 12

_PHASE_LINE = re.compile(
    r"^(phase[ \t]*:[ \t]*)([^\r\n#]*?)([ \t]*(?:#[^\r\n]*)?)(?=[\r\n])", re.MULTILINE
)
_NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def read_front_matter(front: str, name: str) -> dict[str, Value]:
    r"""Read what `split_front_matter` cut off as a mapping; no front matter is an empty one.

    `name` is the file's, for the sentences. Raises BadInput with the line in the file.

    >>> read_front_matter("---\ntitle: Votes\ndates: [2018-03-10]\n---\n", "drafts/votes.md")
    {'title': 'Votes', 'dates': [datetime.date(2018, 3, 10)]}
    """
    found = FRONT.match(front)
    if found is None:
        return {}
    value = load_yaml(found["inside"], name, first_line=2)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _bad(name, 2, "the front matter must be lines of the form 'key: value'")
    return value


def load_yaml(text: str, name: str, first_line: int = 1) -> Value:
    """Read one YAML document of plain values; mapping keys are text, dates become dates.

    Refuses tags, anchors and aliases, keys given twice, more than a million characters and more
    than twelve levels, so that what is read stays as small as what was written. `first_line` is
    the line of `text` in the file `name`. Raises BadInput that names the file and the line.
    """
    if len(text) > MOST_CHARACTERS:
        raise _bad(name, first_line, f"longer than {MOST_CHARACTERS} characters; shorten it")
    try:
        loader = _PlainLoader(text, name, first_line)
        tree = loader.get_single_node()
        return None if tree is None else loader.value(tree)
    except yaml.reader.ReaderError as error:
        line = first_line + len(re.findall(NEWLINES, text[: error.position]))
        raise _bad(name, line, "holds a character that cannot stand here") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark if error.problem_mark is not None else error.context_mark
        line = first_line + (0 if mark is None else mark.line)
        raise _bad(name, line, f"is not YAML ({error.problem})") from None


class _PlainLoader(yaml.SafeLoader):
    """PyYAML's safe loader, which also refuses what `load_yaml` does not read, while composing."""

    def __init__(self, text: str, name: str, first_line: int) -> None:
        super().__init__(text)
        self.name = name
        self.first_line = first_line
        self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) is not None:
            raise self.refusal(event, "anchors (&) and aliases (*) are not read; write it out")
        if getattr(event, "tag", None) is not None:
            raise self.refusal(event, "tags (!) are not read; write a plain value")
        if self.depth > DEEPEST:
            raise self.refusal(event, f"is nested more than {DEEPEST} levels deep; flatten it")
        self.depth += 1
        composed = super().compose_node(parent, index)
        self.depth -= 1
        return composed

    def value(self, tree: yaml.Node) -> Value:
        """Turn what was composed into plain values; its depth is bounded by now."""
        if isinstance(tree, yaml.SequenceNode):
            return [self.value(member) for member in tree.value]
        if isinstance(tree, yaml.MappingNode):
            return self.mapping(tree)
        try:
            return cast(Value, self.construct_object(tree))
        except (ValueError, OverflowError):
            raise self.refusal(tree, f"no such date or number: {tree.value[:40]}") from None

    def mapping(self, tree: yaml.MappingNode) -> dict[str, Value]:
        """Turn a mapping into a dict, refusing keys that are not text or stand twice."""
        result: dict[str, Value] = {}
        for key, member in tree.value:
            if key.tag != "tag:yaml.org,2002:str":
                raise self.refusal(key, "a key must be text; put it in quotes")
            if key.value in result:
                raise self.refusal(key, f"'{key.value}' is given twice; keep one")
            result[key.value] = self.value(member)
        return result

    def refusal(self, where: yaml.Event | yaml.Node, what: str) -> BadInput:
        """Make the error that names the line of `where`."""
        mark = where.start_mark
        return _bad(self.name, self.first_line + (0 if mark is None else mark.line), what)


def _bad(name: str, line: int, what: str) -> BadInput:
    return BadInput(
        say("{name}, line {line}: {what}.", name=name, line=line, what=what), path=name, line=line
    )


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping from outside, read field by field; each wrong field is a BadInput that names it."""

    name: str
    """What the sentences call it: the file, or the place in a file."""
    values: Mapping[str, object]

    @classmethod
    def of(cls, name: str, value: object) -> Fields:
        """Take `value` as a mapping with text keys."""
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise BadInput(
                say("{name} must be a mapping of 'key: value' lines.", name=name), path=name
            )
        return cls(name, value)

    def __contains__(self, key: str) -> bool:
        return self.values.get(key) is not None

    def allow(self, *keys: str) -> None:
        """Refuse every key but these."""
        for key in self.values:
            if key not in keys:
                known = ", ".join(keys)
                raise self.bad(key, f"is not known here; use one of {known}, or remove it")

    def bad(self, key: str, what: str) -> BadInput:
        """Make the error that says `what` is wrong with the field `key`."""
        return BadInput(
            say("{name}: '{key}' {what}.", name=self.name, key=key, what=what),
            path=self.name,
            field=key,
        )

    def text(self, key: str) -> str:
        """Read one line of text that is not empty."""
        value = self._given(key)
        if not isinstance(value, str):
            raise self.bad(key, "must be text; put it in quotes")
        if not value.strip() or _NOT_ONE_LINE.search(value):
            raise self.bad(key, "must be one line of text, not empty")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts, each not empty; a field left out is an empty list."""
        value = self.values.get(key)
        members = [] if value is None else value
        if not isinstance(members, list) or not all(
            isinstance(member, str) and member.strip() for member in members
        ):
            raise self.bad(key, "must be a list of texts, such as [first, second]")
        return tuple(members)

    def choice(self, key: str, among: tuple[str, ...]) -> str:
        """Read one of the words `among`."""
        value = self._given(key)
        if not isinstance(value, str) or value not in among:
            raise self.bad(key, f"must be one of {', '.join(among)}")
        return value

    def integer(self, key: str, least: int, most: int | None = None) -> int:
        """Read a whole number from `least` to `most`."""
        value = self._given(key)
        fits = isinstance(value, int) and not isinstance(value, bool)
        if not fits or cast(int, value) < least or (most is not None and cast(int, value) > most):
            bound = f"of {least} or more" if most is None else f"from {least} to {most}"
            raise self.bad(key, f"must be a whole number {bound}")
        return cast(int, value)

    def flag(self, key: str) -> bool:
        """Read true or false."""
        value = self._given(key)
        if not isinstance(value, bool):
            raise self.bad(key, "must be true or false")
        return value

    def date(self, key: str) -> datetime.date:
        """Read a day."""
        return self.as_date(key, self._given(key))

    def as_date(self, key: str, value: object) -> datetime.date:
        """Take `value`, found in the field `key`, as a day."""
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise self.bad(key, "must be a day written as 2018-03-10")
        return value

    def members(self, key: str) -> list[object]:
        """Read a list of anything; a field left out is an empty list."""
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.bad(key, "must be a list")
        return value

    def integers(self, key: str, least: int) -> tuple[int, ...]:
        """Read a list of whole numbers of `least` or more; a field left out is an empty list."""
        members = self.members(key)
        for member in members:
            if not isinstance(member, int) or isinstance(member, bool) or member < least:
                raise self.bad(key, f"must be a list of whole numbers of {least} or more")
        return tuple(cast("list[int]", members))

    def within(self, key: str) -> Fields:
        """Read a mapping inside this one."""
        return Fields.of(f"{self.name}, {key}", self._given(key))

    def _given(self, key: str) -> object:
        if self.values.get(key) is None:
            raise self.bad(key, "is missing; add it")
        return self.values[key]


@dataclass(frozen=True, slots=True)
class ChapterSettings:
    """What a chapter's front matter says about it; other keys are kept and mean nothing here."""

    title: str | None = None
    """The title for navigation, where it is not the first heading."""
    phase: Phase = "amending"
    """Whether seats edit the chapter, or only decisions change it."""


@functools.lru_cache(maxsize=1024)
def read_chapter_settings(front: str, path: str) -> ChapterSettings:
    r"""Read a chapter's title and phase; raises BadInput that names the file and the field.

    >>> read_chapter_settings("---\nphase: drafting\nweight: 4\n---\n", "drafts/values.md")
    ChapterSettings(title=None, phase='drafting')
    """
    fields = Fields(path, read_front_matter(front, path))
    title = fields.text("title") if "title" in fields else None
    phase = fields.choice("phase", get_args(Phase)) if "phase" in fields else "amending"
    return ChapterSettings(title, cast(Phase, phase))


def set_phase(text: str, phase: Phase, path: str) -> str:
    r"""Write the phase into a chapter's front matter and change nothing else.

    Raises BadInput where the front matter cannot be read, or `phase` has no line of its own.

    >>> set_phase("---\nphase: drafting  # until March\n---\nText.\n", "amending", "drafts/a.md")
    '---\nphase: amending  # until March\n---\nText.\n'
    >>> set_phase("Text.\n", "drafting", "drafts/a.md")
    '---\nphase: drafting\n---\nText.\n'
    """
    front, body = split_front_matter(text)
    if read_chapter_settings(front, path).phase == phase:
        return text
    if not front:
        changed = f"---\nphase: {phase}\n---\n"
    elif _PHASE_LINE.search(front):
        changed = _PHASE_LINE.sub(rf"\g<1>{phase}\g<3>", front, count=1)
    else:
        opening = re.split(f"({NEWLINES})", front, maxsplit=1)
        changed = f"{opening[0]}{opening[1]}phase: {phase}{opening[1]}{opening[2]}"
    if not _has_phase(changed, phase, path):
        raise BadInput(
            say("{path}: write 'phase: {phase}' on a line of its own.", path=path, phase=phase),
            path=path,
        )
    return changed + body


def _has_phase(front: str, phase: Phase, path: str) -> bool:
    try:
        return read_chapter_settings(front, path).phase == phase
    except BadInput:
        return False
