"""The search index: Pagefind over the built pages."""

from __future__ import annotations

import asyncio
from pathlib import Path

from insights.errors import RenderError


def build_search_index(site_dir: Path) -> int:
    """How many pages the index in `site_dir`/pagefind/ holds. Raises RenderError where Pagefind fails."""
    return asyncio.run(_build(site_dir))


async def _build(site_dir: Path) -> int:
    from pagefind.index import IndexConfig, PagefindIndex

    config = IndexConfig(output_path=str(site_dir / "pagefind"))
    try:
        async with PagefindIndex(config=config) as index:
            indexed = await index.add_directory(str(site_dir))
            # write_files also brings Pagefind's own interface along; ours replaces it.
            await index.write_files()
    except Exception as error:
        raise RenderError(str(site_dir), f"Pagefind failed: {error}", "reinstall it: make clean site") from error
    for path in sorted((site_dir / "pagefind").glob("pagefind-*ui*")):
        path.unlink()
    return int(indexed["page_count"])
