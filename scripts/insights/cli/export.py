"""`insights export`: the whole publication out, for another system."""

from __future__ import annotations

from pathlib import Path

import click

from insights.moving.export import FORMATS

_KNOWN = "\b\n" + "\n".join(f"{name:12}{what}" for name, what in FORMATS.items())


@click.command(epilog=_KNOWN)
@click.option("--to", "format_name", type=click.Choice(list(FORMATS)), required=True, help="For which system.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(format_name: str, folder: Path) -> None:
    """Write the whole publication, drafts too, into a new FOLDER as another system takes it in.

    Articles keep their dates, authors, tags, pictures and feed ids; where the other system has other addresses, the
    redirects to them are beside it.
    """
    from insights.cli.console import now, out
    from insights.errors import StoreError
    from insights.moving.export import export_format
    from insights.moving.export.outgoing import read_outgoing
    from insights.store import find_root, whole_folder, write_output
    from insights.text import counted

    if folder.is_dir() and any(folder.iterdir()):
        raise StoreError(str(folder), "there are files in it already", "name a new folder")
    outgoing = read_outgoing(find_root(Path.cwd()), now())
    count = 0
    with whole_folder(folder) as beside:
        for path, data in export_format(format_name).files_of(outgoing):
            write_output(beside / path, data)
            count += 1
    articles = counted(len(outgoing.library.articles), "article")
    out.print(f"{articles} in {counted(count, 'file')} in {folder}", markup=False)
    out.print(f"Next: {FORMATS[format_name]}", markup=False)
