"""Datasets on the Hugging Face hub: text files are read by our readers, others by `datasets`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from lit_plugins.data.arrow import class_names_of
from lit_plugins.data.datasets_library import rows_of_split, what_is_wrong
from lit_plugins.data.folders import read_folder
from lit_plugins.data.inside import check_addresses
from lit_plugins.data.own_files import Files, read_files, reads_as_we_do
from lit_plugins.data.quiet import quiet_datasets
from lit_plugins.data.readers import READERS
from lit_plugins.data.splits import Part
from lit_plugins.errors import UserError

_TYPED = ".parquet"
"""The ending of files whose cells have types: `datasets` reads them as our reader does."""

_OF_TEXTS = ("csv", "json")
"""What `datasets` calls its readers of files that it would read otherwise than ours."""

_MISSING_CELLS = (
    "It was read from the cache of datasets, where texts such as NA and null are missing cells."
)


def read_hub(name: str, config: str | None, split: str | None) -> Part:
    """Loads a dataset of the hub, downloading it if it is not in the cache.

    Code that comes with a dataset is never run. CSV, TSV and JSON files are read as local ones are:
    `datasets` would make "NA" and "null" missing cells, and numbers of "007". Out of reach of the
    hub, the files in its cache are read.

    Args:
        name: the dataset's name on the hub.
        config: the dataset's configuration; None for the only one.
        split: as in `chosen_split`.

    Raises:
        UserError: the hub does not know the dataset, cannot be reached or is switched off; or the
            dataset lacks the configuration or the split, or cannot be read.
    """
    import datasets

    title = repr(name)
    with quiet_datasets(), _one_sentence(title, config):
        try:
            builder = datasets.load_dataset_builder(name, config)
        except ConnectionError:
            if (folder := _cached_folder(name)) is None:
                raise
            return read_folder(folder, title, config, split)
        urls = {
            str(key): list(map(str, of)) for key, of in (builder.config.data_files or {}).items()
        }
        every = [url for of_split in urls.values() for url in of_split]
        check_addresses(title, builder.base_path, every)
        if _are_texts(urls, builder.base_path) and reads_as_we_do(builder.config):
            folder, files = _downloaded(name, builder.base_path, urls)
            part = read_files(folder, title, split, files)
            names = {**class_names_of(builder.info.features or {}), **part.rows.class_names}
            return replace(part, rows=replace(part.rows, class_names=names))
        notes: tuple[str, ...] = ()
        if not urls and builder.info.builder_name in _OF_TEXTS:  # out of reach, and read before
            if (folder := _cached_folder(name)) is not None:
                return read_folder(folder, title, config, split)
            notes = (_MISSING_CELLS,)
        splits = datasets.load_dataset(name, config)
        part = rows_of_split(
            splits, split, title, lambda part: datasets.load_dataset(name, config, split=part)
        )
        return replace(part, notes=part.notes + notes)


@contextmanager
def _one_sentence(title: str, config: str | None) -> Iterator[None]:
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        raise UserError(what_is_wrong(error, title, config)) from error


def _are_texts(urls: Mapping[str, Sequence[str]], base: str) -> bool:
    """Whether our readers read all files, which are of the dataset itself."""
    each = [url for of_split in urls.values() for url in of_split]
    endings = {Path(url).suffix.lower() for url in each}
    own = all(url.startswith(base) for url in each)
    return own and bool(endings) and endings <= READERS.keys() - {_TYPED}


def _downloaded(name: str, base: str, urls: Mapping[str, Sequence[str]]) -> tuple[Path, Files]:
    """The folder of a dataset in the hub's cache, and the files there by split."""
    from huggingface_hub import hf_hub_download

    files: dict[str, list[Path]] = {}
    for split, of_split in urls.items():
        for url in of_split:
            inside = url.removeprefix(f"{base.rstrip('/')}/")
            file = Path(hf_hub_download(name, inside, repo_type="dataset"))
            files.setdefault(split, []).append(file)
            folder = file.parents[inside.count("/")]
    return folder, files


def _cached_folder(name: str) -> Path | None:
    """The folder of a dataset in the hub's cache, or None if nothing of it was downloaded."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, repo_type="dataset", local_files_only=True))
    except LocalEntryNotFoundError:
        return None
