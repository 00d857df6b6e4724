"""What exports of real, old publications hold beyond what a small new site shows, system by system."""

from __future__ import annotations

from pathlib import Path

from moving_publications import front, import_into, new_publication, picture

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
