"""The MkDocs plugin `drafter`: hands MkDocs what other modules make. No logic of its own.

Used by `mkdocs build` in a checkout, where it reads the files, and by `build_version`, which
gives it the edition to show.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import material
from jinja2 import Environment
from jinja2.sandbox import ImmutableSandboxedEnvironment
from mkdocs.config import base
from mkdocs.config import config_options as options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from drafter import face
from drafter.core.errors import DrafterError
from drafter.publish import markdown_extension, whole
from drafter.publish.edition import Edition, read_folder
from drafter.publish.policy import with_policy
from drafter.publish.site import Site

_THEME = Path(material.__file__).parent


class PluginOptions(base.Config):  # type: ignore[no-untyped-call]
    """The options in `mkdocs.yml`: none but where the text lies, which the layout fixes."""

    root = options.Type(str, default="")
    """The folder that holds `drafts/`; empty for the folder of `mkdocs.yml`."""


class DrafterPlugin(BasePlugin[PluginOptions]):  # type: ignore[no-untyped-call]
    """Numbers, notes and generated pages for one edition of a report."""

    edition: Edition | None = None
    """Set by `build_version`; read from the checkout where nobody set it."""
    progress: Callable[[int, int, str], None] | None = None
    """Told of each page: pages done, pages in all, a sentence."""

    @event_priority(100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Read the edition, and tell MkDocs where its words and templates are."""
        try:
            self.site = Site(self.edition or read_folder(self._root(config)))
        except DrafterError as error:
            raise PluginError(error.sentence) from error
        at = 1 if config.theme.custom_dir else 0
        config.theme.dirs[at:at] = [str(face.site_templates()), str(face.templates())]
        config.mdx_configs[markdown_extension.NAME] = self.site.extension_options()
        config.extra.setdefault("drafter", {}).update(self.site.furniture())
        config.nav = self.site.nav(config.nav)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add the face's files, the generated pages and the data; leave out the theme's own files.

        No page of this face asks for them, and they are ten times what a version's pages are.
        """
        for file in [file for file in files if self._is_the_themes(file)]:
            files.remove(file)
        for name, path in face.files():
            files.append(File.generated(config, f"assets/face/{name}", abs_src_path=str(path)))
        for body in self.site.bodies.values():
            if files.get_file_from_path(body.path) is None:
                files.append(File.generated(config, body.path, content=""))
        self._done, self._pages = 0, len(files.documentation_pages())
        for name, content in self.site.files:
            files.append(File.generated(config, name, content=content))
        return files

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Let the templates of a report read what they are given, and do nothing else."""
        sandbox = ImmutableSandboxedEnvironment(loader=env.loader, auto_reload=False)
        sandbox.filters.update(env.filters)
        sandbox.globals.update(env.globals | sandbox.globals)  # its own `range` is bounded
        return sandbox

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Give a page's words and facts ourselves: MkDocs would read its own kinds of metadata."""
        source = self.site.source(page.file.src_uri)
        if source is None:
            return None
        meta = json.dumps({**source.facts, "title": escape(source.title)})
        return f"---\n{meta}\n---\n{source.body}"

    def on_page_content(self, html: str, *, page: Page, **_: Any) -> str:
        """Put in what was not written as Markdown."""
        page.title = page.meta.get("title", page.title)
        if self.site.edition.version is not None:
            page.update_date = f"{self.site.edition.version.time:%Y-%m-%d}"
        return self.site.content(page.file.src_uri, html)

    def on_page_context(self, context: TemplateContext, *, page: Page, **_: Any) -> TemplateContext:
        """Tell how far the build is; leave the clock out of a version's pages."""
        if page.file.src_uri == whole.PATH:
            page.content = self.site.whole()
        self._done += 1
        if self.progress is not None:
            self.progress(self._done, self._pages, f"Wrote {page.title}.")
        return self._dated(context)

    def on_post_page(self, output: str, *, page: Page, **_: Any) -> str:
        """Write into the page what a browser lets it do.

        What the templates put there is let through by its hash, but no script in the page's text.
        """
        around = output.replace(page.content or "", "") if page.content else output
        made_by_us = page.file.src_uri in self.site.bodies
        return with_policy(output, scripts=around, styles=output if made_by_us else around)

    def on_template_context(
        self, context: TemplateContext, *, config: MkDocsConfig, **_: Any
    ) -> TemplateContext:
        """Leave the clock out of a version's other files; tell them where the version stands."""
        version = self.site.edition.version
        if version is not None and not config.site_url:
            context["base_url"] = f"/{version.name}"
        return self._dated(context)

    def on_post_template(self, output_content: str, *, template_name: str, **_: Any) -> str:
        """Write into the page for addresses that lead nowhere what a browser lets it do."""
        if not template_name.endswith(".html"):
            return output_content
        return with_policy(output_content, output_content, output_content)

    def _dated(self, context: TemplateContext) -> TemplateContext:
        if self.site.edition.version is not None:
            context["build_date_utc"] = self.site.edition.version.time
        return context

    def _is_the_themes(self, file: File) -> bool:
        return (
            file.src_uri.startswith("assets/") and _THEME in Path(file.abs_src_path or "").parents
        )

    def _root(self, config: MkDocsConfig) -> Path:
        return Path(self.config.root or Path(config.config_file_path).parent)
