"""The documentation as pages of the platform itself: docs/ and what scripts/reference.py makes, as plain HTML.

.venv/bin/python scripts/pages.py FOLDER

Made for the strict policy of the platform's pages: no inline script or style, nothing from elsewhere. The site of
`make docs` is made of the same files, by MkDocs.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from html import escape
from os.path import relpath
from pathlib import Path
from typing import Any, NamedTuple

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
<form role="search" action="{top}search.html"><input type="search" name="q" placeholder="Search"
aria-label="Search the documentation"></form>
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

SEARCH = """<h1>Search</h1>
<p id="count" role="status"></p>
<ol id="found"></ol>
<noscript><p>Searching needs JavaScript; the list of pages does not.</p></noscript>
<script src="search.js"></script>"""


class Passage(NamedTuple):
    """What stands below one heading of a page, in plain words, to be searched."""

    anchor: str
    heading: str
    text: list[str]


class Page(NamedTuple):
    title: str
    html: str
    passages: list[Passage]
    sections: list[tuple[str, str]]
    """anchors and titles, for the list of pages"""


def sources() -> dict[str, str]:
    """Return the Markdown of every page by its path, such as `guides/web.md`."""
    found = {path.relative_to(ROOT / "docs").as_posix(): path.read_text() for path in (ROOT / "docs").rglob("*.md")}
    return found | {f"reference/{name}": text for name, text in made().items()}


def slug(text: str) -> str:
    """Return the anchor of a heading, as MkDocs makes it."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text).strip().lower())


def rendered(text: str) -> Page:
    """Return the page that is made of a text in Markdown."""
    text = _COMMENT.sub("", text)
    text = _NOTE.sub(lambda found: f"> **{found['title']}**\n>\n" + _quoted(found["text"]) + "\n", text)
    markdown = MarkdownIt("commonmark").enable("table")
    markdown.add_render_rule("table_open", lambda *_: '<div class="wide" tabindex="0"><table>\n')
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    tokens = markdown.parse(text)
    sections: list[tuple[str, str]] = []
    passages: list[Passage] = []
    title, seen, spoken = "HEROES", dict[str, int](), None
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
            passages.append(Passage(name, words, []))
            spoken = following
        elif passages and one.content and one is not spoken:
            passages[-1].text.append("".join(map(_words, one.children)) if one.children else one.content)
        for link in one.children or ():
            _led(link)
    html = markdown.renderer.render(tokens, markdown.options, {})
    return Page(title, html.replace("<pre>", '<pre tabindex="0">'), passages, sections)


def _words(part: Token) -> str:
    return " " if part.type in {"softbreak", "hardbreak"} else part.content


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
    titles = {path: page.title for path, page in pages.items()}
    pages["search.md"] = Page("Search", SEARCH, [], [])
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"]
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "screens", folder / "screens")
    tokens = (ROOT / "ui" / "src" / "app" / "tokens.css").read_text()
    (folder / "docs.css").write_text(tokens + Path(__file__).with_name("docs.css").read_text())
    shutil.copy(Path(__file__).with_name("search.js"), folder)
    (folder / "search.json").write_text(json.dumps(list(searched(pages)), ensure_ascii=False))
    for path, page in pages.items():
        file = folder / f"{path.removesuffix('.md')}.html"
        file.parent.mkdir(exist_ok=True)
        top = "../" * path.count("/")
        nav_lines = "\n".join(listed(nav, path, titles, page.sections))
        file.write_text(PAGE.format(title=escape(page.title), top=top, nav=nav_lines, text=page.html))


def searched(pages: Mapping[str, Page]) -> Iterator[dict[str, str]]:
    """Yield what the search looks through: one entry for what stands below each heading."""
    for path, page in pages.items():
        for one in page.passages:
            to = f"{path.removesuffix('.md')}.html#{one.anchor}"
            yield {"to": to, "page": page.title, "heading": one.heading, "text": " ".join(" ".join(one.text).split())}


if __name__ == "__main__":
    write(Path(sys.argv[1]))
