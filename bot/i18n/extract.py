"""`python -m bot.i18n.extract`: the template and the Hebrew catalogs, brought up to the flows.

`--check` changes nothing and exits 1 where an update or a translator is needed; `--drop` forgets translations that
have no place any more. Run it after every change of an English text.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bot.engine.flow import Book
from bot.engine.parse import read_book
from bot.i18n.catalog import FOLDERS, po_path, read_catalog
from bot.i18n.entry import Entry, entries
from bot.i18n.proof import problems
from bot.i18n.update import template, updated
from bot.model.exit import ExpectedError


def main(arguments: Sequence[str] | None = None, *, read: Callable[[Path], Book] = read_book) -> int:
    """Update or check; the exit code: 1 where something is left to do, or flows or catalogs can't be read."""
    options = _options(arguments)
    try:
        said = entries(read(options.flows))
        files = wanted(said, options.locales, drop=options.drop)
    except ExpectedError as refused:
        _print([refused.sentence, refused.advice])
        return 1
    if options.check:
        found = [*_stale(files), *_problems(said, options.locales)]
        _print(found)
        return 1 if found else 0
    _write(files)
    _print(f"{path}: {len(said)} messages" for path in files)
    return 0


def wanted(said: Sequence[Entry], locales: Path, *, drop: bool = False) -> Mapping[Path, bytes]:
    """Every file under `locales/` as it should be."""
    catalogs = {
        po_path(locales, form): updated(read_catalog(locales, form), said, locale=name, drop=drop)
        for form, name in FOLDERS.items()
    }
    return {locales / "messages.pot": template(said), **catalogs}


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m bot.i18n.extract", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="change nothing, exit 1 if something is left to do"
    )
    parser.add_argument("--drop", action="store_true", help="forget translations that have no place any more")
    parser.add_argument("--flows", type=Path, default=Path("flows"), help="the flows (default: flows)")
    parser.add_argument(
        "--locales", type=Path, default=Path("locales"), help="the catalogs (default: locales)"
    )
    return parser.parse_args(arguments)


def _stale(files: Mapping[Path, bytes]) -> Iterator[str]:
    for path, content in files.items():
        if not path.exists() or path.read_bytes() != content:
            yield f"{path} is not up to date: run python -m bot.i18n.extract"


def _problems(said: Sequence[Entry], locales: Path) -> Iterator[str]:
    return problems(said, {form: read_catalog(locales, form) for form in FOLDERS})


def _write(files: Mapping[Path, bytes]) -> None:
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".new")
        unfinished.write_bytes(content)
        unfinished.replace(path)


def _print(lines: Iterator[str] | Sequence[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
