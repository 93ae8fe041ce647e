"""The application factory: everything that the app consists of is put together here."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from drafter import face
from drafter.services import limits
from drafter.services.instance import Instance
from drafter.web import (
    admin,
    api,
    clerk,
    competing,
    health,
    masthead,
    panel,
    phrases,
    policy,
    problems,
    public,
    security,
    tongue,
    you,
)
from drafter.web.current import KEY, ZONE, zone

TIME_ZONE = "Europe/London"
"""In which pages say times, unless `mkdocs.yml` names another (`extra: drafter: time_zone`)."""


def create_app(instance: Instance, *, demo: bool = False, proxies: int | None = None) -> Flask:
    """Make the app that serves an instance.

    `demo` adds the mailbox page, for this machine only. `proxies` is the number of proxies in
    front whose word about the visitor is believed: what the settings say, unless told. Raises
    UndeclaredRoute.
    """
    app = Flask("drafter.web", static_url_path="/app", static_folder="static")
    app.config["DRAFTER_DEMO"] = demo
    app.extensions[KEY] = instance
    app.extensions[ZONE] = ZoneInfo(_time_zone(instance))
    security.configure(
        app, secret=instance.secret_key, https=instance.base_url.startswith("https:")
    )
    app.before_request(policy.check)
    csrf = CSRFProtect(app)
    interface = api.blueprint()
    csrf.exempt(interface)  # it reads no cookie, so nobody else's browser can send for anybody
    for view in public.by_mail_programs():
        csrf.exempt(view)
    problems.register(app)
    _templates(app)
    tongue.configure(app, instance)
    _blueprints(app, demo=demo)
    app.register_blueprint(interface)
    everyone = policy.Policy(None)
    policy.require_policies(app, {"static": everyone, "face.static": everyone})
    proxies = instance.settings.proxies if proxies is None else proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    return app


def _blueprints(app: Flask, *, demo: bool) -> None:
    app.register_blueprint(
        Blueprint("face", "drafter.face", static_folder=str(face.folder()), static_url_path="/face")
    )
    app.register_blueprint(health.blueprint)
    for blueprint in (
        *public.blueprints(demo=demo),
        panel.blueprint(),
        clerk.blueprint(),
        you.blueprint,
        admin.blueprint,
    ):
        app.register_blueprint(blueprint)
    for blueprint in (*panel.editor(), competing.blueprint):
        app.register_blueprint(blueprint)


def _templates(app: Flask) -> None:
    own = FileSystemLoader(f"{app.root_path}/templates")
    app.jinja_loader = ChoiceLoader([own, FileSystemLoader(str(face.templates()))])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters.update(
        moment=lambda when: phrases.moment(when, zone()),
        day=lambda when: phrases.day(when, zone()),
        joined=phrases.joined,
        linked=phrases.linked,
        office=phrases.office,
        amendments=phrases.amendments,
        numeral=tongue.numeral,
        count=phrases.count,
        first_capital=phrases.first_capital,
    )
    app.context_processor(lambda: {"masthead": masthead.masthead(), "limits": limits})


def _time_zone(instance: Instance) -> str:
    extra = instance.config.get("extra")
    settings = extra.get("drafter") if isinstance(extra, dict) else None
    named = settings.get("time_zone") if isinstance(settings, dict) else None
    return str(named or TIME_ZONE)
