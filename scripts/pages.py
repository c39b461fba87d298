"""The documentation as pages of the platform itself: docs/ and what scripts/reference.py makes, as plain HTML.

.venv/bin/python scripts/pages.py FOLDER

Made for the strict policy of the platform's pages: no inline script or style, nothing from elsewhere. The site of
`make docs` is made of the same files, by MkDocs.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from html import escape
from os.path import relpath
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from reference import pages as made

ROOT = Path(__file__).parents[1]
_COMMENT = re.compile(r"^<!--.*?-->\n", re.DOTALL | re.MULTILINE)
_NAMED = re.compile(r"\s*\{ #([\w-]+) \}$")
_NOTE = re.compile(r'^!!! \w+ "(?P<title>.+)"\n(?P<text>(?:    .*\n|\n)+)', re.MULTILINE)

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} · HEROES</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="{top}docs.css">
<script src="/theme.js"></script>
</head>
<body>
<header><a class="brand" href="{top}index.html"><img src="/favicon.svg" alt="" width="20" height="20">HEROES</a>
<span class="wide-only">Documentation</span>
<a class="end" href="#pages">All pages</a><a href="/">To the platform</a></header>
<div class="page">
<main>
{text}
</main>
<nav id="pages" aria-label="Documentation">
{nav}
</nav>
</div>
</body>
</html>
"""


def sources() -> dict[str, str]:
    """Return the Markdown of every page by its path, such as `guides/web.md`."""
    found = {path.relative_to(ROOT / "docs").as_posix(): path.read_text() for path in (ROOT / "docs").rglob("*.md")}
    return found | {f"reference/{name}": text for name, text in made().items()}


def slug(text: str) -> str:
    """Return the anchor of a heading, as MkDocs makes it."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text).strip().lower())


def rendered(text: str) -> tuple[str, str, list[tuple[str, str]]]:
    """Return a page's title, its HTML, and the anchors and titles of its sections."""
    text = _COMMENT.sub("", text)
    text = _NOTE.sub(lambda found: f"> **{found['title']}**\n>\n" + _quoted(found["text"]) + "\n", text)
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.add_render_rule("table_open", lambda *_: '<div class="wide" tabindex="0"><table>\n')
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    tokens = markdown.parse(text)
    sections: list[tuple[str, str]] = []
    title, seen = "HEROES", dict[str, int]()
    for one, following in zip(tokens, [*tokens[1:], None], strict=True):
        if one.type == "heading_open" and following is not None:
            words = "".join(part.content for part in following.children or ())
            if named := _NAMED.search(words):
                words, name = words[: named.start()], named[1]
                if following.children:
                    following.children[-1].content = _NAMED.sub("", following.children[-1].content)
            else:
                name = slug(words)
                seen[name] = seen.get(name, -1) + 1
                name += f"_{seen[name]}" if seen[name] else ""
            one.attrSet("id", name)
            if one.tag == "h1":
                title = words
            elif one.tag == "h2":
                sections.append((name, words))
        for link in one.children or ():
            _led(link)
    html = markdown.renderer.render(tokens, markdown.options, {})
    return title, html.replace("<pre>", '<pre tabindex="0">'), sections


def _led(link: Token) -> None:
    """Let a link to a page of Markdown lead to the page that is made of it."""
    target = str(link.attrGet("href") or "")
    if link.type == "link_open" and "://" not in target:
        link.attrSet("href", re.sub(r"\.md(#|$)", r".html\1", target))


def _quoted(text: str) -> str:
    return "".join(f"> {line.strip()}\n" for line in text.strip().splitlines())


def listed(nav: list[Any], here: str, titles: dict[str, str], sections: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the lines of the list of pages; below the page that is open those of its sections."""
    yield "<ul>"
    for one in nav:
        name, target = next(iter(one.items())) if isinstance(one, dict) else (titles[one], one)
        if isinstance(target, list):
            yield f'<li><p class="group">{escape(name)}</p>'
            yield from listed(target, here, titles, sections)
            yield "</li>"
            continue
        to = relpath(target, Path(here).parent).removesuffix(".md") + ".html"
        current = ' aria-current="page"' if target == here else ""
        yield f'<li><a href="{escape(to)}"{current}>{escape(name)}</a>'
        if current and len(sections) > 1:
            yield "<ul>"
            yield from (f'<li><a href="#{anchor}">{escape(words)}</a></li>' for anchor, words in sections)
            yield "</ul>"
        yield "</li>"
    yield "</ul>"


def write(folder: Path) -> None:
    """Write all pages into a folder, which is made anew."""
    pages = {path: rendered(text) for path, text in sources().items()}
    titles = {path: title for path, (title, _, _) in pages.items()}
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"]
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "screens", folder / "screens")
    tokens = (ROOT / "ui" / "src" / "app" / "tokens.css").read_text()
    (folder / "docs.css").write_text(tokens + Path(__file__).with_name("docs.css").read_text())
    for path, (title, text, sections) in pages.items():
        file = folder / f"{path.removesuffix('.md')}.html"
        file.parent.mkdir(exist_ok=True)
        top = "../" * path.count("/")
        nav_lines = "\n".join(listed(nav, path, titles, sections))
        file.write_text(PAGE.format(title=escape(title), top=top, nav=nav_lines, text=text))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
