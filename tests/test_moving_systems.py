"""What exports of real, old publications hold beyond what a small new site shows, system by system."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from moving_publications import front, import_into, new_publication, picture

from insights.moving.addresses import aliases_of
from insights.moving.entry import Entry
from insights.store import read_library

WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<link>https://harbour.example</link><language>en-US</language>
<wp:base_blog_url>https://harbour.example</wp:base_blog_url>
<wp:author><wp:author_login>admin</wp:author_login>
 <wp:author_display_name>Mara Lind</wp:author_display_name></wp:author>
<wp:author><wp:author_login>kwame</wp:author_login>
 <wp:author_display_name>Kwame Osei</wp:author_display_name></wp:author>
<wp:category><wp:term_id>7</wp:term_id><wp:cat_name><![CDATA[Boats]]></wp:cat_name></wp:category>
<wp:category><wp:term_id>8</wp:term_id><wp:cat_name><![CDATA[Tides &amp; Weather]]></wp:cat_name></wp:category>
ITEMS</channel></rss>
"""


def wxr_item(
    number: int, link: str, content: str = "", kind: str = "post", status: str = "publish", more: str = "", **metas: str
) -> str:
    """An `<item>` as WordPress writes it; `more` are elements of it."""
    name = link.strip("/").rpartition("/")[2] if "?" not in link else ""
    pairs = "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        for key, values in metas.items()
        for value in values.split("|")
    )
    return (
        f"<item><title>Item {number}</title><link>https://harbour.example{link}</link><dc:creator>admin</dc:creator>"
        f'<guid isPermaLink="false">https://harbour.example/?p={number}</guid>'
        f"<content:encoded><![CDATA[{content}]]></content:encoded><excerpt:encoded></excerpt:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_date_gmt>2015-05-14 07:30:00</wp:post_date_gmt>"
        f"<wp:post_name>{name}</wp:post_name><wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type>"
        f"{more}{pairs}</item>"
    )


def moved(tmp_path: Path, files: dict[str, str], *options: str) -> tuple[Path, str]:
    """A publication into which an export of these files has moved, and what the command said."""
    source = tmp_path / "old"
    for name, text in files.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(picture() if name.endswith(".png") else text.encode())
    root = new_publication(tmp_path / "new")
    return root, import_into(root, source, *options)


def wordpress(tmp_path: Path, *items: str) -> tuple[Path, str]:
    """The same for WXR of these items."""
    return moved(tmp_path, {"export.xml": WXR.replace("ITEMS", "".join(items))}, "--from", "wordpress")


def test_wordpress_names_of_terms_are_unescaped_and_the_main_category_is_the_topic(tmp_path: Path) -> None:
    terms = (
        '<category domain="category" nicename="boats"><![CDATA[Boats]]></category>'
        '<category domain="category" nicename="tides"><![CDATA[Tides &amp; Weather]]></category>'
        '<category domain="post_tag" nicename="r-d"><![CDATA[R&amp;D]]></category>'
    )
    main = {"_yoast_wpseo_primary_category": "8", "_yoast_wpseo_metadesc": "What the sea does."}
    root, _ = wordpress(tmp_path, wxr_item(1, "/2015/05/tide/", "Text", more=terms, **main))
    text = front(root, "tide")
    assert "topic: Tides & Weather" in text
    assert "tags: [R&D, Boats]" in text
    assert "description: What the sea does." in text
    assert "language:" not in text, "en-US is said of a site in English"


def test_wordpress_authors_by_co_authors_plus_outweigh_whose_account_it_is(tmp_path: Path) -> None:
    terms = (
        '<category domain="author" nicename="cap-guest">guest</category>'
        '<category domain="author" nicename="cap-kwame">kwame</category>'
    )
    guest = wxr_item(70, "/cap-guest/", kind="guest-author")
    root, said = wordpress(tmp_path, wxr_item(1, "/tide/", "Text", more=terms), guest)
    assert "authors: [Item 70, Kwame Osei]" in front(root, "tide")
    assert "guest-author" not in said


def test_wordpress_former_slugs_lead_on_and_links_by_them_too(tmp_path: Path) -> None:
    one = wxr_item(1, "/2015/05/tide/", "Text", _wp_old_slug="ebb|spring-tide")
    two = wxr_item(2, "/2015/06/moon/", 'See <a href="/2015/05/ebb/#comment-12">the tide</a>.')
    root, _ = wordpress(tmp_path, one, two)
    assert "aliases: ['/2015/05/tide/', '/2015/05/ebb/', '/2015/05/spring-tide/']" in front(root, "tide")
    assert "[the tide](tide.md)" in front(root, "moon")


def test_wordpress_links_to_a_picture_s_page_lead_to_the_picture(tmp_path: Path) -> None:
    gauge = "<wp:attachment_url>https://harbour.example/wp-content/uploads/gauge.png</wp:attachment_url>"
    body = (
        '<a href="https://harbour.example/2015/05/tide/gauge/" rel="attachment"><img alt="The gauge" '
        'src="https://harbour.example/wp-content/uploads/gauge-300x200.png"></a> or '
        '<a href="http://www.harbour.example/?attachment_id=55">alone</a>'
    )
    post = wxr_item(1, "/2015/05/tide/", body, _thumbnail_id="99")
    root, said = wordpress(tmp_path, post, wxr_item(55, "/2015/05/tide/gauge/", kind="attachment", more=gauge))
    text = front(root, "tide")
    assert "![The gauge](https://harbour.example/wp-content/uploads/gauge.png)" in text
    assert "[alone](https://harbour.example/wp-content/uploads/gauge.png)" in text
    assert "1  lead pictures, which the export does not name: export All content: Item 1" in said


@pytest.mark.parametrize("place", ["", "/log"], ids=["a site of its own", "a site below a path"])
def test_a_picture_in_several_sizes_is_kept_once(tmp_path: Path, place: str) -> None:
    at = "https://harbour.example/wp-content/uploads/gauge"
    body = f'<img src="{at}-300x200.png"><img src="{at}-768x512.png"><a href="{at}.png">large</a>'
    export = WXR.replace("ITEMS", wxr_item(1, "/2015/05/tide/", body))
    export = export.replace("https://harbour.example", f"https://harbour.example{place}")
    root, _ = moved(tmp_path, {"export.xml": export, "wp-content/uploads/gauge.png": ""})
    (kept,) = (root / "content/assets/tide").iterdir()
    assert (root / "content/insights/tide.md").read_text().count(f"](../assets/tide/{kept.name})") == 3


def test_a_picture_whose_address_has_no_ending_comes(tmp_path: Path) -> None:
    (tmp_path / "old" / "max").mkdir(parents=True)
    (tmp_path / "old" / "max" / "gauge").write_bytes(picture())
    root, _ = wordpress(
        tmp_path, wxr_item(1, "/2015/05/tide/", '<img src="https://harbour.example/max/gauge" alt="A">')
    )
    assert "![A](../assets/tide/gauge.png)" in (root / "content/insights/tide.md").read_text()


def test_a_page_takes_no_name_of_the_site_s_own_pages(tmp_path: Path) -> None:
    root, _ = wordpress(tmp_path, wxr_item(1, "/2015/05/tide/", "Text"), wxr_item(2, "/search/", "Ask us", kind="page"))
    assert "Ask us" in (root / "content/search-page.md").read_text()
    assert not (root / "content/search.md").exists()


def test_wordpress_patterns_for_search_engines_are_no_description_and_times_have_their_zone(tmp_path: Path) -> None:
    local = "<wp:post_date>2015-05-{}</wp:post_date>"
    root, _ = wordpress(
        tmp_path,
        wxr_item(1, "/a/", "Text", more=local.format("14 09:30:00"), _yoast_wpseo_metadesc="%%excerpt%%"),
        wxr_item(2, "/b/", "Text", more=local.format("16 07:30:00")),
    )
    assert "%" not in front(root, "a")
    assert "date: 2015-05-14T09:30:00+02:00" in front(root, "a")
    assert "date: 2015-05-14T07:30:00+00:00" in front(root, "b"), "no zone is two days away"


def test_of_what_is_left_out_a_few_are_named_and_no_more_are_hinted_at_than_there_are(tmp_path: Path) -> None:
    items = [wxr_item(number, f"/{number}/", kind="cpt") for number in range(1, 5)]
    _, said = wordpress(tmp_path, wxr_item(9, "/tide/", "Text"), wxr_item(8, "/x/", kind="shop"), *items)
    assert 'items of the type "cpt": Item 1, Item 2, Item 3 …\n' in said
    assert 'items of the type "shop": Item 8\n' in said


def test_wordpress_pages_that_are_drafts_or_have_addresses_by_number_come(tmp_path: Path) -> None:
    draft = wxr_item(12, "/?page_id=12", "Half a page", kind="page", status="draft")
    root, said = wordpress(tmp_path, draft, wxr_item(13, "/?page_id=13", "All of it", kind="page"))
    assert "draft: true" in front(root, "item-12")
    assert "authors: [Mara Lind]" in front(root, "item-12")
    assert (root / "content/authors/mara-lind.md").is_file()
    assert "All of it" in (root / "content/item-13.md").read_text()
    assert "front page" not in said


def test_wordpress_code_of_plugins_keeps_its_language(tmp_path: Path) -> None:
    blocks = (
        '<!-- wp:syntaxhighlighter/code {"language":"python"} -->\n<pre class="wp-block-syntaxhighlighter-code">x = 1'
        "</pre>\n<!-- /wp:syntaxhighlighter/code -->\n<!-- wp:code -->\n<pre>y</pre>\n<!-- /wp:code -->"
    )
    classic = (
        '<pre class="lang:ruby decode:true">z</pre><pre class="EnlighterJSRAW" data-enlighter-language="go">a</pre>'
    )
    root, _ = wordpress(tmp_path, wxr_item(1, "/one/", blocks), wxr_item(2, "/two/", classic))
    assert "```python\nx = 1\n```\n\n```\ny\n```" in front(root, "one")
    assert "```ruby\nz\n```\n\n```go\na\n```" in front(root, "two")


def test_a_teaser_is_a_description_as_a_reader_would_read_it(tmp_path: Path) -> None:
    teased = "See <b>it</b>, and <a href='/x/'>more</a>.[gallery]<!--more-->Rest"
    coded = "Run<pre>rm</pre><!--more-->Rest"
    root, _ = wordpress(tmp_path, wxr_item(1, "/one/", teased), wxr_item(2, "/two/", coded))
    assert "description: See it, and more." in front(root, "one")
    assert "description:" not in front(root, "two")


def test_texts_at_one_address_all_come(tmp_path: Path) -> None:
    root, said = wordpress(tmp_path, wxr_item(1, "/tide/", "The first"), wxr_item(2, "/tide/", "The second"))
    bodies = {article.slug: article.body.strip() for article in read_library(root)[0].articles}
    assert bodies == {"tide": "The first", "tide-2": "The second"}
    assert "addresses that another entry has, too: these texts come without one: Item 2" in said


HUGO = {"config/_default/hugo.toml": 'baseURL = "https://harbour.example/log/"\ntimeZone = "Europe/Oslo"\n'}


def page(body: str = "Text", **fields: str) -> str:
    """A file with front matter."""
    return "".join(["---\n", *(f"{name}: {value}\n" for name, value in fields.items()), "---\n\n", body, "\n"])


def test_hugo_languages_are_texts_of_their_own(tmp_path: Path) -> None:
    root, said = moved(
        tmp_path,
        HUGO
        | {
            "config/_default/languages.yaml": "en: {weight: 1}\nfr: {weight: 2}\n",
            "content/posts/tide/index.fr.md": page("La marée", title="Marée", date="2015-05-14"),
            "content/posts/tide/index.md": page("The tide", title="Tide", date="2015-05-14"),
            "content/posts/node.js.md": page(title="Node.js", date="2015-05-14"),
        },
    )
    assert "3 done" in said
    assert "aliases: ['/log/posts/tide/']" in front(root, "tide")
    french = front(root, "tide-2")
    assert "language: fr" in french
    assert "aliases: ['/log/fr/posts/tide/']" in french
    assert "aliases: ['/log/posts/node.js/']" in front(root, "node-js")


def test_hugo_addresses_are_made_as_hugo_makes_them(tmp_path: Path) -> None:
    root, _ = moved(
        tmp_path,
        HUGO
        | {
            "config/_default/permalinks.toml": 'news = "/:year/:monthname/:slug/"\n',
            "content/news/a.md": page(title='"Été: what\'s - new & old?"', date="2015-05-14", aliases="[/a/, b]"),
            "content/posts/What's up, all.md": page(title="Up", date="2015-05-14 09:30"),
        },
    )
    text = front(root, "a")
    assert "guid: https://harbour.example/log/2015/may/%C3%A9t%C3%A9-whats-new-old/" in text
    assert "aliases: ['/log/2015/may/été-whats-new-old/', '/log/a/', '/log/2015/may/b']" in text
    assert "aliases: ['/log/posts/whats-up-all/']" in front(root, "whats-up-all")
    assert "date: 2015-05-14T09:30:00+02:00" in front(root, "whats-up-all")


def test_hugo_files_of_a_bundle_are_no_texts_and_what_is_not_read_is_told(tmp_path: Path) -> None:
    root, said = moved(
        tmp_path,
        HUGO
        | {
            "config/_default/params.yaml": "author: {name: Mara Lind}\n",
            "content/posts/tide/index.md": page(title="Tide", date="2015-05-14"),
            "content/posts/tide/more.md": "More",
            "content/posts/old.org": "Text",
            "content/docs/setup.md": page(title="Setup"),
            "content/search.md": page("", title="Search", layout="search"),
        },
    )
    assert "authors: [Mara Lind]" in front(root, "tide")
    assert [file.name for file in (root / "content/insights").iterdir()] == ["tide.md"]
    assert (root / "content/setup.md").is_file(), "what has no date is a page, not a draft"
    assert not (root / "content/search-page.md").exists()
    assert "1  texts that are part of another page's bundle: content/posts/tide/more.md" in said
    assert "1  pages in other languages than Markdown and HTML: content/posts/old.org" in said
    assert "1  pages without a text of their own: Search" in said


def test_hugo_pictures_are_found_where_themes_look_for_them(tmp_path: Path) -> None:
    body = (
        "![one](/log/images/a.png) ![two](images/a.png)\n\n"
        '{{< figure src="/images/a.png" alt="three" caption="A *gauge*" link="https://elsewhere.example" >}}'
    )
    files = {"static/images/a.png": "", "content/posts/a.md": page(body, title="A", date="2015-05-14")}
    root, said = moved(tmp_path, HUGO | files)
    text = front(root, "a")
    assert text.count("](../assets/a/a.png){ width=60 height=40 }") == 3
    assert "[![three](../assets/a/a.png){ width=60 height=40 }](https://elsewhere.example/)" in text
    assert "<figcaption>A <em>gauge</em></figcaption>" in text
    assert "could not be had" not in said


def test_a_publication_below_a_path_of_the_old_host_redirects_from_below_it() -> None:
    entry = Entry(
        "1", "Tide", "", "https://www.harbour.example/log/2015/tide/", other_urls=("https://x.example/log/a/",)
    )
    assert aliases_of(entry, "https://harbour.example/log/", "insights/tide.md") == ("/2015/tide/", "/log/a/")
    assert aliases_of(entry, "https://harbour.example/", "insights/tide.md") == ("/log/2015/tide/", "/log/a/")


def test_an_address_in_the_export_that_stands_as_text_is_shown_as_a_path(tmp_path: Path) -> None:
    files = {"hugo.toml": "baseURL = 'https://harbour.example/'", "content/posts/a.md": page('See {{< ref "b.md" >}}.')}
    root, _ = moved(tmp_path, files)
    assert "See /b.md." in (root / "content/insights/a.md").read_text()


def test_a_link_of_which_nothing_came_leads_where_it_led(tmp_path: Path) -> None:
    body = "[Beside](../gone/) and [below the root](/old/)"
    root, said = moved(tmp_path, HUGO | {"content/posts/a.md": page(body, title="A", date="2015-05-14")})
    assert "[Beside](https://harbour.example/log/posts/gone/)" in front(root, "a")
    assert "[below the root](https://harbour.example/log/old/)" in front(root, "a")
    assert "1  /old/" in said
    assert "moved.invalid" not in said


JEKYLL = {
    "_config.yml": "url: https://harbour.example\nbaseurl: /log\npermalink: pretty\ntimezone: Europe/Oslo\n"
    "author: {name: Mara Lind}\ninclude: [_pages]\ncollections: [recipes]\n"
}


def test_jekyll_posts_have_the_addresses_ids_and_times_that_jekyll_gives_them(tmp_path: Path) -> None:
    post = page("# Why so late?\n\nText", date="2015-05-14 09:30", categories="[Data Science]")
    root, _ = moved(tmp_path, JEKYLL | {"_posts/2015-05-14-Late.md": post})
    text = front(root, "late")
    assert "guid: https://harbour.example/log/data%20science/2015/05/14/Late\n" in text
    assert "aliases: ['/log/data science/2015/05/14/Late/']" in text
    assert "date: 2015-05-14T09:30:00+02:00" in text
    assert "title: Why so late?" in text
    assert "authors: [Mara Lind]" in text
    assert "# Why" not in text


def test_jekyll_pages_in_folders_that_the_settings_include_come_and_the_rest_is_told(tmp_path: Path) -> None:
    root, said = moved(
        tmp_path,
        JEKYLL
        | {
            "_pages/about.md": page("About us", title="About", permalink="/about/"),
            "_recipes/soup.md": page("Soup", title="Soup"),
            "_posts/2015-05-14-old.textile": page("h2. Old", title="Old"),
            "_posts/2015-05-15-new.md": page(title="New"),
            "404.html": page("<p>Not here</p>", permalink="/404.html"),
        },
    )
    assert "About us" in (root / "content/about.md").read_text()
    assert not (root / "content/404.md").exists()
    assert '1  texts of the collection "recipes": _recipes/soup.md' in said
    assert "1  posts in other languages than Markdown and HTML: _posts/2015-05-14-old.textile" in said
    assert "1  pages that tell that there is no such page: 404" in said


def test_jekyll_links_and_pictures_below_the_base_address_are_found(tmp_path: Path) -> None:
    body = (
        "[a]({{ site.baseurl }}/2015/05/15/two/) [b](/log/2015/05/15/two/) ![c](/log/img/a.png) "
        "![d]({{ site.baseurl }}/img/a.png)"
    )
    files = {"_posts/2015-05-14-one.md": page(body, title="One"), "_posts/2015-05-15-two.md": page(title="Two")}
    root, said = moved(tmp_path, JEKYLL | files | {"img/a.png": ""})
    text = front(root, "one")
    assert "[a](two.md) [b](two.md)" in text
    assert text.count("](../assets/one/a.png)") == 2
    assert "not in the export" not in said


GHOST_POST = {"type": "post", "status": "published", "visibility": "public", "published_at": "2015-05-14T07:30:00.000Z"}


def ghost(tmp_path: Path, *posts: dict[str, str], **tables: list[dict[str, str]]) -> tuple[Path, str]:
    """A publication into which Ghost's JSON of these posts has moved, and what the command said."""
    rows = [{"id": f"5f{number}", "title": f"Post {number}", **GHOST_POST, **post} for number, post in enumerate(posts)]
    exported = {"db": [{"meta": {"version": "5.87.0"}, "data": {"posts": rows, **tables}}]}
    return moved(tmp_path, {"ghost.json": json.dumps(exported)}, "--url", "https://harbour.example")


def test_ghost_ids_are_those_of_its_feed_and_its_word_for_its_address_is_read_everywhere(tmp_path: Path) -> None:
    root, _ = ghost(
        tmp_path,
        {"slug": "a", "html": "<p>See <a href='__GHOST_URL__/b/'>b</a>.</p>", "comment_id": "12"},
        {"slug": "b", "html": "<p>Text</p>", "canonical_url": "__GHOST_URL__/b/"},
    )
    assert "guid: 5f0" in front(root, "a"), "the feed's ids, not those of the comments before an import"
    assert "[b](b.md)" in front(root, "a")
    assert "canonical" not in front(root, "b")


def test_ghost_lists_and_cards_of_lexical_are_shown_and_links_to_its_forms_are_not(tmp_path: Path) -> None:
    def text(words: str) -> dict[str, object]:
        return {"type": "extended-text", "text": words, "format": 0}

    def item(*children: dict[str, object]) -> dict[str, object]:
        return {"type": "listitem", "children": list(children)}

    inner = {"type": "list", "listType": "number", "children": [item(text("Deep"))]}
    nodes = [
        {"type": "list", "listType": "bullet", "children": [item(text("One")), item(inner), item(text("Two"))]},
        {"type": "header", "header": "Boats", "subheader": "All of them", "buttonUrl": "", "buttonText": ""},
        {
            "type": "product",
            "productTitle": "Rope",
            "productDescription": "<p>Long.</p>",
            "productUrl": "https://r.example/a",
        },
        {"type": "call-to-action", "textValue": "<p>Come.</p>", "buttonUrl": "https://c.example/a", "buttonText": "Go"},
        {"type": "button", "buttonUrl": "#/portal/signup", "buttonText": "Subscribe"},
    ]
    root, said = ghost(tmp_path, {"slug": "a", "lexical": json.dumps({"root": {"children": nodes}})})
    _, _, body = (root / "content/insights/a.md").read_text().split("---\n", 2)
    assert body.strip() == (
        "- One\n    1. Deep\n- Two\n\n## Boats\n\nAll of them\n\n**Rope**\n\nLong.\n\n"
        "[https://r.example/a](https://r.example/a)\n\nCome.\n\n[Go](https://c.example/a)"
    )
    assert "1  links to subscribe or to pay" in said


def test_ghost_posts_that_went_out_by_email_alone_stay_private(tmp_path: Path) -> None:
    root, said = ghost(
        tmp_path,
        {"slug": "mailed", "html": "<p>For you.</p>", "status": "sent"},
        posts_meta=[{"post_id": "5f0", "feature_image_caption": "At dawn"}],
    )
    assert "draft: true" in front(root, "mailed")
    assert "1  posts that were sent, never published: they come as drafts: Post 0" in said
    assert "1  captions of lead pictures" in said


SUBSTACK = "post_id,post_date,is_published,type,audience,title,subtitle,podcast_url\n"


def test_substack_keeps_sounds_and_galleries_and_tells_of_posts_without_a_text(tmp_path: Path) -> None:
    gallery = {"gallery": {"images": [{"src": "https://substackcdn.com/a.png"}], "caption": "Two piers"}}
    html = (
        f"<div class='image-gallery-embed' data-attrs='{json.dumps(gallery)}'></div>"
        "<p class='button-wrapper' data-attrs='{\"url\":\"https://x.substack.com/p/one/comments\"}'><a>Comment</a></p>"
        "<div class='preformatted-block'><label class='hide-text'>Keeps its spacing</label><pre>a  b</pre></div>"
    )
    index = (
        f"{SUBSTACK}1.one,2021-03-04T10:00:00.000Z,true,podcast,everyone,One,,https://x.example/horn.mp3\n"
        "2.two,2021-03-05T10:00:00.000Z,true,newsletter,everyone,Two,,\n"
    )
    root, said = moved(tmp_path, {"posts.csv": index, "posts/1.one.html": html})
    text = front(root, "one")
    assert "[Audio](https://x.example/horn.mp3)\n\n![](https://substackcdn.com/a.png)\n\n*Two piers*" in text
    assert "Comment" not in text
    assert "Keeps its spacing" not in text
    assert "1  posts whose text is not in the zip: Two" in said


def test_pelican_reads_names_and_paths_of_files_as_its_settings_say(tmp_path: Path) -> None:
    settings = (
        "SITEURL = 'https://harbour.example'\nPATH = 'content'\nSLUGIFY_SOURCE = 'basename'\n"
        "PATH_METADATA = r'(?P<category>[^/]+)/(?P<year>\\d{4})/.*'\n"
    )
    files = {
        "pelicanconf.py": settings,
        "content/Tides/2015/2015-05-14-late.md": "Title: Why so late?\n\nText\n",
        "content/Tides/2015/nb.ipynb": "{}",
    }
    root, said = moved(tmp_path, files)
    text = front(root, "2015-05-14-late")
    assert "date: 2015-05-14" in text
    assert "topic: Tides" in text
    assert "aliases: ['/2015-05-14-late.html']" in text
    assert "1  files in languages of Pelican's plugins: content/Tides/2015/nb.ipynb" in said
    pattern = r"(?P<date>[\d-]{10})-(?P<slug>.*)"
    named = settings.replace("SLUGIFY_SOURCE = 'basename'", f"FILENAME_METADATA = r'{pattern}'")
    root, _ = moved(tmp_path / "again", files | {"pelicanconf.py": named})
    assert "aliases: ['/late.html']" in front(root, "late")
    busy = settings.replace("SLUGIFY_SOURCE = 'basename'", "FILENAME_METADATA = r'(?P<slug>([\\w-]+)+)!'")
    root, _ = moved(
        tmp_path / "busy", {"content/Tides/2015/" + "a" * 200 + ".md": "Title: Long\n\nText", "pelicanconf.py": busy}
    )
    assert "title: Long" in front(root, "long"), "an expression that takes for ever is left out"


def test_material_redirects_of_its_plugin_lead_on(tmp_path: Path) -> None:
    settings = (
        "site_url: https://harbour.example/\nplugins:\n  - blog: {post_url_format: '{slug}'}\n"
        "  - redirects:\n      redirect_maps: {old/tide.md: blog/posts/tide.md, old/index.md: 'about.md#us'}\n"
    )
    post = page("# Tide\n\nText {++more++}{--less--}{>>why?<<}", date="2015-05-14")
    files = {"mkdocs.yml": settings, "docs/blog/posts/tide.md": post, "docs/about.md": "# About\n\nUs"}
    root, said = moved(tmp_path, files)
    assert "aliases: ['/blog/tide/', '/old/tide/']" in front(root, "tide")
    assert "Text more<!-- not converted: {>>why?<<} -->" in front(root, "tide")
    assert "aliases: ['/old/']" in (root / "content/about.md").read_text()
    assert "1  comment" in said


def test_notion_links_by_its_own_address_lead_to_the_pages_that_came(tmp_path: Path) -> None:
    one, two, other = "1" * 32, "2" * 32, "3" * 32
    links = " ".join(f"[{name}](https://www.notion.so/{name}?pvs=21)" for name in (two, f"Two-piers-{two}", other))
    root, _ = moved(tmp_path, {f"One {one}.md": f"# One\n\n{links}\n", f"Two piers {two}.md": "# Two piers\n\nText\n"})
    text = front(root, "one")
    assert f"[{two}](two-piers.md) [Two-piers-{two}](two-piers.md)" in text
    assert f"(https://www.notion.so/{other}?pvs=21)" in text


def test_notion_people_are_named_without_the_files_of_their_pages(tmp_path: Path) -> None:
    number = "0123456789abcdef0123456789abcdef"
    text = (
        "# Tide\n\nDate: May 14, 2015\nAuthor: Mara Lind (../People/Mara%20Lind%20aaaa.md), Kwame Osei\n\n"
        "![gauge.png](Tide/gauge.png)\n\n![The gauge](Tide/gauge.png)\n"
    )
    root, _ = moved(tmp_path, {f"Tide {number}.md": text, "Tide/gauge.png": ""})
    assert "authors: [Mara Lind, Kwame Osei]" in front(root, "tide")
    assert "![](../assets/tide/gauge.png)" in front(root, "tide")
    assert "![The gauge](../assets/tide/gauge.png)" in front(root, "tide")


def test_places_in_a_vault_are_no_old_addresses(tmp_path: Path) -> None:
    files = {
        ".obsidian/app.json": "{}",
        "Notes/Tide.md": page("[[Gone]]", **{"date created": "2015-05-14"}),
        ".trash/Old.md": "Thrown away",
    }
    root, said = moved(tmp_path, files)
    assert "aliases" not in front(root, "tide")
    assert "date: 2015-05-14" in front(root, "tide")
    assert "they lead nowhere" in said
    archive = tmp_path / "vault.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    assert "1 entry: 1 unchanged" in import_into(root, archive)


def test_quarto_labels_are_no_text(tmp_path: Path) -> None:
    body = "$$\nx\n$$ {#eq-one}\n\n| A |\n|---|\n| 1 |\n\n: The piers {#tbl-piers}\n\nRun `tide`{.bash}."
    files = {"_quarto.yml": "website: {site-url: https://harbour.example}\n", "posts/r.Rmd": "R"}
    root, said = moved(tmp_path, files | {"posts/a.qmd": page(body, title="A", date="2015-05-14")})
    text = front(root, "a")
    assert "{#" not in text
    assert "*The piers*" in text
    assert "Run `tide`." in text
    assert "1  notebooks and R Markdown: make them .qmd first: posts/r.Rmd" in said


def test_comments_of_nunjucks_are_not_published(tmp_path: Path) -> None:
    body = "Before {# not for readers #} after"
    root, said = moved(tmp_path, {"eleventy.config.js": "", "posts/a.md": page(body, title="A", date="2015-05-14")})
    assert "Before <!-- not converted: {# not for readers #} --> after" in front(root, "a")
    assert "1  Nunjucks comment" in said


def test_wordpress_pictures_on_a_host_of_their_own_and_links_to_a_former_host_are_the_site_s(tmp_path: Path) -> None:
    file = "<wp:attachment_url>https://harbour.files.wordpress.com/2015/05/gauge.png</wp:attachment_url>"
    body = (
        '<img alt="The gauge" src="https://harbour.files.wordpress.com/2015/05/gauge.png?w=300"> '
        '<a href="http://harbour.wordpress.com/2015/05/tide/">before</a> '
        '<a href="https://elsewhere.example/2015/05/tide/">theirs</a>'
    )
    taken = wxr_item(2, "/taken/", "Text").replace("https://harbour.example/?p=2<", "https://elsewhere.example/news/<")
    first = wxr_item(1, "/2015/05/tide/", body).replace(
        "https://harbour.example/?p=1<", "http://harbour.wordpress.com/?p=1<"
    )
    export = WXR.replace("ITEMS", first + taken + wxr_item(55, "/gauge/", kind="attachment", more=file))
    files = {"export.xml": export, "uploads/2015/05/gauge.png": ""}
    root, _ = moved(tmp_path, files, "--from", "wordpress", "--files", str(tmp_path / "old/uploads"))
    text = front(root, "tide")
    assert "![The gauge](../assets/tide/gauge.png){ width=60 height=40 }" in text
    assert "[before](tide.md)" in text
    assert "[theirs](https://elsewhere.example/2015/05/tide/)" in text, (
        "that a plugin took a post from there says nothing"
    )


def test_medium_stories_of_other_people_are_no_pages_of_the_old_site(tmp_path: Path) -> None:
    story = (
        '<article class="h-entry"><h1 class="p-name">Tide</h1><section data-field="body" class="e-content"><p>See '
        '<a href="https://medium.com/@zed/fog-0123456789ab">the fog</a>, <a href="https://medium.com/p/0a1b2c3d4e5f">me</a>.'
        '</p></section><a href="https://medium.com/@mara/tide-0a1b2c3d4e5f" class="p-canonical">c</a>'
        '<time class="dt-published" datetime="2015-05-14T07:30:00.000Z"></time></article>'
    )
    root, said = moved(tmp_path, {"posts/2015-05-14_Tide-0a1b2c3d4e5f.html": story})
    assert "[the fog](https://medium.com/@zed/fog-0123456789ab), [me](tide.md)" in front(root, "tide")
    assert "not in the export" not in said
