"""The whole app for any WSGI server: the page, its API, and the layers around both."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from lit_plugins.data import TextTable
from lit_plugins.data.wording import listed
from lit_plugins.embedded import EMBEDDED_FILLER, EMBEDDED_MODELS
from lit_plugins.errors import UserError
from lit_plugins.lit.app import App
from lit_plugins.lit.build import CLIENT_ROOT, build_app
from lit_plugins.lit.layouts import LAYOUTS, checked_layout
from lit_plugins.lit.page_modules import MODULES, PageModule
from lit_plugins.models.classifier import TextClassifier
from lit_plugins.models.shared_labels import SharedLabels, share_labels
from lit_plugins.serve.api import api
from lit_plugins.serve.arguments import Columns, Datasets, Models, classifiers_of, tables_of
from lit_plugins.serve.disconnects import gone
from lit_plugins.serve.failures import LOG, answering_failures
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.headers import secured
from lit_plugins.serve.guard.layer import guarded
from lit_plugins.serve.guard.tokens import given_token
from lit_plugins.serve.health import HEALTH, with_health
from lit_plugins.serve.log import LOGS, with_log, write_log
from lit_plugins.serve.page import script_hashes, with_own_assets
from lit_plugins.serve.places import Places
from lit_plugins.serve.prefix import checked_prefix, with_prefix
from lit_plugins.serve.queue import ModelQueue, fair
from lit_plugins.serve.responses import not_found
from lit_plugins.serve.wsgi import WsgiApp
from lit_plugins.terminal import progress_bar


@dataclass(frozen=True)
class Serving:
    """How the page is served.

    Attributes:
        layout: the page's layout when it opens, a name in `lit_plugins.lit.layouts.LAYOUTS`.
        infill_model: the masked language model that proposes words for counterfactuals and writes
            missing words for explanations; by default the embedded one for embedded models, else
            distilroberta-base.
        data_dir: the folder of saved datapoints and predictions; None saves nothing.
        warm_start: whether to predict all texts before the page opens.
        path_prefix: the path below which a reverse proxy shows the page, such as /tools/lit.
        log: what the whole process writes to stderr as lines of JSON, without texts: "errors", or
            "requests" for errors and requests. None leaves logging as it is.
        log_messages: whether to log the messages of errors, which may quote texts.
        say: called with each sentence that warns users about their models and datasets; by
            default these sentences are logged.

    Raises:
        UserError: there is no such layout or log.
    """

    layout: str = next(iter(LAYOUTS))
    infill_model: str | None = None
    data_dir: str | os.PathLike[str] | None = None
    warm_start: bool = False
    path_prefix: str = ""
    log: Literal["errors", "requests"] | None = "errors"
    log_messages: bool = False
    say: Callable[[str], None] | None = None

    def __post_init__(self) -> None:
        checked_layout(self.layout)
        if self.log not in (*LOGS, None):
            raise UserError(f"There is no log {self.log!r}; choose from {', '.join(LOGS)}.")


def create_app(
    models: Models = None,
    datasets: Datasets = None,
    *,
    token: str | None = None,
    allowed_hosts: Sequence[str] = (),
    frame_ancestors: Sequence[str] = (),
    tls: bool = False,
    text_column: str | None = None,
    label_column: str | None = None,
    **options: Any,
) -> WsgiApp:
    """Makes the page for some models and datasets, as an app for any WSGI server with threads.

    Without a token the app answers this machine only, whatever address the server binds.

    Args:
        models: one or several, or a mapping from the names that the page shows. A model is a
            folder, a name on the hub, a `TextClassifier`, or a pair of model and tokenizer. None
            for the embedded models.
        datasets: one or several, or a mapping from the names that the page shows. A dataset is a
            file, a name on the hub (OWNER/NAME), a `TextTable`, a DataFrame, a `datasets.Dataset`,
            or texts in a list, an array or a Series. None for the embedded reviews.
        token: the secret that lets visitors in; by default the value of LIT_PLUGINS_TOKEN in the
            environment.
        allowed_hosts: exact host names by which the page may be opened, besides this machine's.
        frame_ancestors: origins whose pages may show this one in a frame.
        tls: whether browsers reach the page by https, directly or through a reverse proxy.
        text_column: the column of texts of all datasets that are tables; found by its name.
        label_column: their column of gold labels, or "none"; found by its name.
        options: the attributes of `Serving`: layout, infill_model, data_dir, warm_start,
            path_prefix, log, log_messages and say.

    Raises:
        UserError: one sentence that says what is wrong and what to do.
    """
    access = Access(
        token=given_token(None, os.environ) if token is None else token,
        allowed_hosts=tuple(allowed_hosts),
        frame_ancestors=tuple(frame_ancestors),
        tls=tls,
    )
    columns = Columns(text_column, label_column)
    return served_app(models, datasets, access, Serving(**options), columns)


def served_app(
    models: Models,
    datasets: Datasets,
    access: Access,
    serving: Serving,
    columns: Columns | None = None,
) -> WsgiApp:
    """Makes the same app as `create_app`, open to the visitors that `access` allows.

    Raises:
        UserError: one sentence that says what is wrong and what to do.
    """
    prefix = checked_prefix(serving.path_prefix)
    folder = made_folder(Path(serving.data_dir)) if serving.data_dir is not None else None
    if serving.log is not None:
        write_log(messages=serving.log_messages)
    shared = share_labels(classifiers_of(models))
    classifiers = shared.classifiers
    say = serving.say or LOG.warning
    tables = tables_of(datasets, shared.label_names, columns, say)
    modules = list(MODULES.values())
    for sentence in (*_left_unlabelled(shared, tables), *_cut_texts(classifiers, tables)):
        say(sentence)
    app = build_app(
        classifiers,
        tables,
        layout=serving.layout,
        data_dir=folder,
        filler=serving.infill_model or _default_filler(classifiers),
        modules=modules,
    )
    for sentence in _warm(app) if serving.warm_start else ():
        say(sentence)
    composed = _composed(app, access, prefix, _opening(classifiers), modules)
    if serving.log == "requests":
        composed = with_log(composed, {*app.routes, HEALTH})
    return composed


def _composed(
    app: App, access: Access, prefix: str, opening: str, modules: Sequence[PageModule]
) -> WsgiApp:
    """Wraps the layers around each other, innermost first; none knows what the others do."""
    scripts = {module.tag: module.script for module in modules}
    queued = fair(api(app), ModelQueue(), Places(), gone)
    page = with_own_assets(queued, CLIENT_ROOT, opening, scripts)
    inside = with_health(guarded(page, access, api=app.routes))
    placed = with_prefix(inside, prefix, outside=with_health(not_found))
    return secured(answering_failures(placed), script_hashes(), access.frame_ancestors)


def _opening(classifiers: Mapping[str, TextClassifier]) -> str:
    # LIT's page would open with the first model alone; two side by side show their difference.
    names = list(classifiers)[:2]
    return f"models={','.join(map(quote, names))}" if len(names) > 1 else ""


def _default_filler(classifiers: Mapping[str, TextClassifier]) -> str:
    """Chooses the masked language model; with embedded models only, nothing is downloaded."""
    embedded = {model.name for model in classifiers.values()} <= set(EMBEDDED_MODELS)
    return EMBEDDED_FILLER if embedded else "auto"


def _left_unlabelled(
    shared: SharedLabels[TextClassifier], tables: Mapping[str, TextTable]
) -> Iterator[str]:
    yield from shared.sentences()
    for name, table in tables.items():
        if table.label_names is not None and not shared.fits(table.label_names):
            yield (
                f"Dataset {name}: its labels ({listed(table.label_names)}) are not among the "
                f"classes of the models ({listed(shared.labels)}), so it opens without gold "
                "labels; load it with label_names set to these classes."
            )


def _cut_texts(
    classifiers: Mapping[str, TextClassifier], tables: Mapping[str, TextTable]
) -> Iterator[str]:
    for model_name, classifier in classifiers.items():
        for table_name, table in tables.items():
            cut = sum(text.truncated for text in classifier.encode(table.texts))
            if cut:
                yield (
                    f"Dataset {table_name}: {cut:,} of {len(table.texts):,} texts are longer than "
                    f"the {classifier.max_length} tokens that {model_name} reads; "
                    "their ends are ignored."
                )


def _warm(app: App) -> list[str]:
    bars: dict[tuple[str, str], Any] = {}

    def progress(model: str, dataset: str, done: int, total: int) -> None:
        bar = bars.get((model, dataset))
        if bar is None:
            bar = bars[model, dataset] = progress_bar(f"Predicting {dataset} with {model}", total)
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    return app.warm(progress)


def made_folder(path: Path) -> Path:
    """Creates the data folder unless it exists.

    Raises:
        UserError: the path is not a folder, or nothing can be written there.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise UserError(f"The data folder {str(path)!r} is a file; name a folder.") from error
    except OSError as error:
        raise UserError(
            f"The data folder {str(path)!r} cannot be made ({error.strerror}); name another."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise UserError(
            f"Nothing can be written in the data folder {str(path)!r}; name another, or change "
            "its rights."
        )
    return path
