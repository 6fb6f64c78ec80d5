import threading
from datetime import UTC, datetime, timedelta

import pytest

from index.errors import NewsError
from index.ingest.web.fetching import Fetcher, Limits
from index.ingest.web.following import Following, in_words
from index.ingest.web.landing import land
from index.ingest.web.watching import Watch
from index.storage import open_store
from tests.ingest.web.site import Page, Site, a_full_text, an_article, rss, slowly

BEGIN = datetime(2026, 5, 4, 12, tzinfo=UTC)


class World:
    """A site, a library and a clock."""

    def __init__(self, site, home):
        self.site = site
        self.now = BEGIN
        self.home = home
        self.store = open_store(home)
        self.following = Following(self.store, self.fetcher, clock=lambda: self.now)
        self.patience = 30.0

    def fetcher(self):
        return Fetcher(private=True, gap=0, clock=lambda: self.now, limits=Limits(seconds=self.patience))

    def add(self, *names):
        return list(self.following.add(names))

    def poll(self, **later):
        self.now += timedelta(**(later or {"hours": 5}))
        return list(self.following.poll())

    def poll_with(self, web):
        """As a watch does, which remembers what it tried."""
        self.now += timedelta(hours=5)
        return land(self.store, [web.poll(self.state()).result()], clock=lambda: self.now)[0][0]

    def articles(self):
        corpus = self.store.snapshot().corpus
        return [corpus.article(name) for name in corpus.article_ids()]

    def state(self):
        return self.following.sources()[0]


@pytest.fixture
def world(tmp_path):
    with Site() as site:
        made = World(site, tmp_path / "home")
        yield made
        made.store.close()


def an_item(world, n, **more):
    return {"title": f"Bridge {n}", "link": f"{world.site.address}/a{n}", "guid": f"g{n}", **more}


def a_feed(world, *numbers, path="/feed", etag=None, **more):
    for n in numbers:
        if f"/a{n}" not in world.site.pages:
            world.site.put(f"/a{n}", an_article(f"Bridge {n}", n=str(n)))
    return world.site.feed(path, [an_item(world, n, **more) for n in numbers], etag=etag)


def test_a_feed_is_followed_and_its_articles_are_read_from_their_pages(world):
    url = a_feed(world, 1, 2, pubDate="Mon, 04 May 2026 08:00:00 GMT", author="Ann Lee")
    outcome = world.add(url)[0]
    assert outcome.outcome == "added"
    assert outcome.message.startswith(f"Following the feed {url} (The Elm Echo): 2 articles, 8 statements; next poll")
    first = world.articles()[0].article
    assert first.outlet == "The Elm Echo"
    assert first.published == "2026-05-04T08:00:00Z"
    assert first.authors == ("Ann Lee",)
    assert not any("Home" in p.text or "reserved" in p.text for p in first.paragraphs)


def test_what_the_feed_carries_in_full_is_not_fetched_again(world):
    url = world.site.feed("/feed", [an_item(world, 1, **{"content:encoded": a_full_text()})])
    world.add(url)
    assert len(world.articles()) == 1
    assert not world.site.asked("/a1")


def test_a_page_that_names_its_feed_leads_to_it_and_one_that_is_an_article_is_kept(world):
    feed = a_feed(world, 1)
    links = "<link rel='alternate' type='application/rss+xml' title='Comments' href='/comments'>"
    links += "<link rel='alternate' type='application/rss+xml' href='/feed'>"
    home = world.site.put("/", f"<html><head>{links}</head><body>Welcome.</body></html>")
    page = world.site.put("/one", an_article("Alone", head=links))
    outcomes = world.add(home, page)
    assert sorted(o.landed.state.kind for o in outcomes) == ["feed", "page"]
    assert any(f"Following the feed {feed} (The Elm Echo), which {home} names" in o.message for o in outcomes)


def test_what_can_not_be_followed_says_why_and_is_no_source(world):
    empty = world.site.put("/empty", "<html><body>Nothing.</body></html>")
    broken = world.site.put("/broken", rss([])[:60], type="application/rss+xml")
    picture = world.site.put("/picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 500, type="image/png")
    outcomes = {
        o.name: o for o in world.add(empty, broken, picture, world.site.address + "/none", "ftp://x.org/", "nothing")
    }
    assert {o.outcome for o in outcomes.values()} == {"failed"}
    assert "no article was found" in outcomes[empty].message
    assert "not a page" in outcomes[picture].message
    assert "404" in outcomes[world.site.address + "/none"].message
    assert "http" in outcomes["ftp://x.org/"].message
    assert "no such file" in outcomes["nothing"].message
    assert world.following.sources() == ()


def test_a_source_is_added_once(world):
    url = a_feed(world, 1)
    world.add(url)
    assert world.add(url + "?utm_source=x")[0].outcome == "known"
    assert len(world.following.sources()) == 1


def test_nothing_new_costs_one_request_that_is_answered_with_304(world):
    world.add(a_feed(world, 1, 2, etag='"1"'))
    before = len(world.site.requests)
    landed = world.poll(hours=80)[0]  # past all times at which pages are looked at again
    assert in_words(landed) == "The Elm Echo: nothing new."
    assert [path for path, _ in world.site.requests[before:] if path != "/robots.txt"] == ["/feed"]
    assert world.site.asked("/feed")[-1]["If-None-Match"] == '"1"'


def test_a_new_article_comes_once_and_what_is_no_longer_listed_stays(world):
    world.add(a_feed(world, 1, 2))
    a_feed(world, 2, 3)
    landed = world.poll()[0]
    assert (landed.added, landed.changed, landed.statements) == (1, 0, 4)
    assert in_words(landed) == "The Elm Echo: 1 new article, 4 new statements."
    assert sorted(a.article.title for a in world.articles()) == ["Bridge 1", "Bridge 2", "Bridge 3"]


def test_an_article_that_two_feeds_carry_comes_once(world):
    world.site.put("/a1?utm_source=x", an_article("Bridge 1", n="1"))
    first = a_feed(world, 1)
    second = world.site.feed(
        "/other", [{"title": "Bridge 1", "link": f"{world.site.address}/a1?utm_source=x", "guid": "z"}]
    )
    world.add(first, second)
    world.poll()
    assert len(world.articles()) == 1


def test_two_links_with_one_canonical_address_are_one_article(world):
    head = f"<link rel='canonical' href='{world.site.address}/whole'>"
    for path in ("/a1", "/a2"):
        world.site.put(path, an_article("Bridge", head=head))
    world.add(a_feed(world, 1, 2))
    for _ in range(3):
        world.poll()
    assert [a.article.url for a in world.articles()] == [f"{world.site.address}/whole"]
    assert not world.articles()[0].revisions


def test_an_update_replaces_an_article_and_the_earlier_version_is_kept(world):
    world.add(a_feed(world, 1, pubDate="Mon, 04 May 2026 08:00:00 GMT"))
    old = world.articles()[0]
    world.site.put("/a1", an_article("Bridge 1").replace("closed until the spring", "closed until the summer"))
    a_feed(world, 1, pubDate="Mon, 04 May 2026 10:00:00 GMT")
    assert world.poll()[0].changed == 1
    (new,) = world.articles()
    assert new.article.id == old.article.id
    assert new.revisions[0].content_hash == old.article.content_hash
    assert any("until the spring" in words for words in new.revisions[0].lost)


def test_a_page_that_changed_silently_is_noticed_when_it_is_looked_at_again(world):
    world.add(a_feed(world, 1, etag='"1"'))
    world.site.put("/a1", an_article("Bridge 1").replace("closed until the spring", "closed until the summer"))
    world.site.feed("/feed", [an_item(world, 1)], etag='"2"')
    assert world.poll(hours=2)[0].changed == 1
    assert world.articles()[0].revisions


def test_an_article_whose_page_is_gone_for_good_is_marked_as_withdrawn_and_stays(world):
    world.add(a_feed(world, 1))
    world.site.put("/a1", status=410)
    world.poll(hours=2)
    (left,) = world.articles()
    assert "410" in left.withdrawn
    assert left.quotes


def test_an_article_that_was_replaced_by_a_notice_is_marked_and_keeps_its_words(world):
    world.add(a_feed(world, 1))
    notice = "<p>This article has been retracted because its figures could not be confirmed.</p>"
    world.site.put(
        "/a1",
        f"<html><head><title>Bridge 1</title></head><body><article><h1>Bridge 1</h1>{notice}</article></body></html>",
    )
    a_feed(world, 1, pubDate="Mon, 04 May 2026 10:00:00 GMT")
    world.poll()
    (left,) = world.articles()
    assert left.withdrawn == "The publisher took it back: its page says so."
    assert len(left.quotes) >= 4


def test_a_retracted_headline_marks_the_article(world):
    world.add(a_feed(world, 1))
    world.site.put("/a1", an_article("RETRACTED: Bridge 1", n="1"))
    a_feed(world, 1, pubDate="Mon, 04 May 2026 10:00:00 GMT")
    world.poll()
    assert world.articles()[0].withdrawn == "The publisher retracted it: its headline says so."


def test_of_a_page_that_is_not_open_only_what_the_feed_shows_is_kept(world):
    summary = "“The bridge will be closed until the spring,” Mayor Ada Roe said on Tuesday after a long meeting."
    world.site.put("/a1", status=403)
    world.add(world.site.feed("/feed", [an_item(world, 1, description=summary)]))
    (kept,) = world.articles()
    assert [p.text for p in kept.article.paragraphs[1:]] == [summary]


def test_of_a_page_with_a_closed_part_only_the_open_part_is_kept(world):
    data = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Bridge",'
        ' "isAccessibleForFree": false,'
        ' "hasPart": {"isAccessibleForFree": false, "cssSelector": ".closed"}}</script>'
    )
    page = an_article("Bridge", head=data).replace(
        "</article>", "<div class='closed'><p>“Secret words,” said Max Poe.</p></div></article>"
    )
    world.add(world.site.put("/a1", page))
    text = " ".join(p.text for p in world.articles()[0].article.paragraphs)
    assert "Secret" not in text
    assert "The bridge will be closed" in text


def test_pages_that_fail_are_tried_again_and_not_at_every_poll(world):
    world.site.put("/a1", status=500)
    outcome = world.add(a_feed(world, 1))[0]
    assert "1 article could not be read (the host is in trouble (500))" in outcome.message
    world.site.put("/a1", an_article("Bridge 1"))
    assert world.poll()[0].added == 1


def test_a_source_that_fails_is_asked_less_and_less_and_says_why(world):
    url = a_feed(world, 1)
    world.add(url)
    world.site.put("/feed", status=500)
    waits = []
    for _ in range(9):
        world.now = world.state().next_poll
        before = world.now
        world.poll(seconds=0)
        waits.append((world.state().next_poll - before).total_seconds())
    assert waits[0] < waits[1] < waits[2]
    assert max(waits) <= 24 * 3600 * 1.1
    assert (world.state().failures, world.state().last_error) == (9, "the host is in trouble (500)")
    assert world.state().articles == 1
    a_feed(world, 1)
    world.now = world.state().next_poll
    world.poll(seconds=0)
    assert (world.state().failures, world.state().last_error, world.state().failing_since) == (0, None, None)


def test_a_feed_that_moved_for_good_is_asked_where_it_is(world):
    url = a_feed(world, 1)
    world.add(url)
    world.site.put("/feed", status=301, headers={"Location": "/new"})
    a_feed(world, 1, path="/new")
    world.poll()
    before = len(world.site.asked("/feed"))
    world.poll()
    assert world.state().address == f"{world.site.address}/new"
    assert len(world.site.asked("/feed")) == before


def test_a_feed_that_wants_rest_gets_it(world):
    world.add(a_feed(world, 1))
    world.site.put("/feed", status=429, headers={"Retry-After": "36000"})
    world.poll()
    assert world.state().next_poll >= world.now + timedelta(hours=10)
    assert world.poll(hours=9) == []


def test_a_date_that_has_not_come_yet_and_a_hostile_title_do_no_harm(world):
    title = "<script>alert(1)</script>@everyone **bold** \u202e" + "x" * 5_000
    url = world.site.feed(
        "/feed", [an_item(world, 1, pubDate="Mon, 04 May 2099 08:00:00 GMT", **{"content:encoded": a_full_text()})]
    )
    world.site.pages["/feed"].body = world.site.pages["/feed"].body.replace(
        b"Bridge 1", title.replace("<", "&lt;").encode()
    )
    world.add(url)
    (kept,) = world.articles()
    assert kept.article.published is None
    assert len(kept.article.title) <= 500
    assert "script" not in kept.article.title
    assert "\u202e" not in kept.article.title


def test_a_news_sitemap_is_followed_through_its_index(world):
    for n in (1, 2):
        world.site.put(f"/a{n}", an_article(f"Bridge {n}", n=str(n)))
    news = "".join(
        f"<url><loc>{world.site.address}/a{n}</loc><news:news><news:publication><news:name>The Elm Echo</news:name>"
        f"<news:language>en</news:language></news:publication><news:publication_date>2026-05-0{n}</news:publication_date>"
        f"<news:title>Bridge {n}</news:title></news:news></url>"
        for n in (1, 2)
    )
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    world.site.put(
        "/news.xml", f"<urlset {space}>{news}<url><loc>{world.site.address}/about</loc></url></urlset>", type="text/xml"
    )
    index = f"<sitemapindex {space}><sitemap><loc>{world.site.address}/news.xml</loc></sitemap></sitemapindex>"
    outcome = world.add(world.site.put("/sitemap.xml", index, type="text/xml"))[0]
    assert outcome.landed.state.kind == "sitemap"
    assert [a.article.published for a in sorted(world.articles(), key=lambda a: a.article.title)] == [
        "2026-05-01",
        "2026-05-02",
    ]


def test_a_list_of_feeds_is_taken_in_from_a_file(world, tmp_path):
    feeds = [a_feed(world, n, path=f"/feed{n}") for n in (1, 2)]
    outlines = "".join(f'<outline text="F"><outline type="rss" xmlUrl="{url}"/></outline>' for url in feeds)
    path = tmp_path / "feeds.opml"
    path.write_text(f'<?xml version="1.0"?><opml version="2.0"><body>{outlines}</body></opml>')
    assert [o.outcome for o in world.add(str(path))] == ["added", "added"]


def test_a_single_page_is_polled_and_its_withdrawal_is_noticed(world):
    url = world.site.put("/one", an_article("Alone"), headers={"ETag": '"1"'})
    world.add(url)
    assert world.poll()[0].changed == 0
    world.site.put("/one", an_article("Alone", "“It opens in June,” Mayor Ada Roe said."), headers={"ETag": '"2"'})
    assert world.poll(hours=30)[0].changed == 1
    world.site.put("/one", status=410)
    world.poll(hours=30)
    assert "410" in world.articles()[0].withdrawn


def test_a_source_is_removed_by_a_part_of_its_name_and_its_articles_stay_or_go(world):
    url = a_feed(world, 1)
    world.add(url)
    assert world.following.remove("elm echo")[1] == 0
    assert (world.following.sources(), len(world.articles())) == ((), 1)
    assert world.add(url)[0].landed.state.articles == 1
    assert world.following.remove(url, articles=True)[1] == 1
    assert world.articles() == []
    with pytest.raises(NewsError, match="No source is called"):
        world.following.remove("elm")


def test_a_name_that_may_mean_several_sources_is_asked_back(world):
    world.add(a_feed(world, 1), a_feed(world, 2, path="/feed2"))
    with pytest.raises(NewsError, match="may mean 2 sources"):
        world.following.remove("echo")


def test_a_slow_source_delays_nobody_and_a_watch_ends_when_it_is_told_to(world):
    world.site.pages["/slow"] = Page(respond=slowly)
    world.add(a_feed(world, 1))
    from index.storage.records import SourceState

    with world.store.write() as writer:
        slow = SourceState(name=world.site.address + "/slow", kind="feed")
        writer.set_sources([slow, *world.following.sources()])
        writer.commit()
    a_feed(world, 1, 2)
    world.now += timedelta(hours=5)
    world.patience = 3.0
    stop, seen = threading.Event(), []

    def told(landed):
        seen.append(landed)
        if len(seen) == 2:
            stop.set()

    world.following.watch(stop, told)
    assert [one.added for one in seen] == [1, 0]
    assert "longer than" in seen[1].error


def test_while_another_process_writes_a_watch_waits_and_loses_nothing(world):
    world.add(a_feed(world, 1))
    a_feed(world, 1, 2)
    world.now += timedelta(hours=5)
    stop, seen, waits = threading.Event(), [], []
    other = open_store(world.home)
    writing = other.write()
    writing.__enter__()

    def pause(seconds):
        waits.append(seconds)
        if len(waits) == 2:
            writing.__exit__(None, None, None)

    with world.following._web() as web:
        watch = Watch(
            world.store, web, clock=lambda: world.now, pause=pause, told=lambda one: (seen.append(one), stop.set())
        )
        watch.run(stop)
    other.close()
    assert len(waits) >= 2
    assert seen[0].added == 1


def test_a_feed_of_a_million_entries_is_read_within_bounds(world):
    entry = "<item><title>t</title><guid>{}</guid></item>"
    body = '<rss version="2.0"><channel><title>Big</title>' + "".join(entry.format(n) for n in range(300_000))
    outcome = world.add(world.site.put("/big", body, type="application/rss+xml"))[0]
    assert outcome.outcome == "added"
    assert outcome.landed.listed == 500


def test_the_page_of_an_article_that_came_in_full_is_looked_at_only_for_its_withdrawal(world):
    item = {"content:encoded": a_full_text()}
    world.site.put("/a1", an_article("Bridge 1", n="another wording"))
    world.add(world.site.feed("/feed", [an_item(world, 1, **item)]))
    before = world.articles()[0].article.content_hash
    assert world.poll(hours=2)[0].changed == 0
    world.site.put("/a1", an_article("Retracted: Bridge 1"))
    world.poll(hours=20)
    (left,) = world.articles()
    assert left.article.content_hash == before
    assert left.withdrawn == "The publisher retracted it: its headline says so."


def test_an_item_without_a_link_is_kept_when_it_holds_enough(world):
    long = "“The bridge will be closed until the spring,” Mayor Ada Roe said on Tuesday after a long meeting."
    items = [
        {"title": "Long", "guid": "1", "description": long},
        {"title": "Short", "guid": "2", "description": "Soon."},
    ]
    outcome = world.add(world.site.feed("/feed", items))[0]
    assert [a.article.title for a in world.articles()] == ["Long"]
    assert "neither a link nor its whole text" in outcome.message
    with world.following._web() as web:
        assert [len(world.poll_with(web).missed) for _ in range(2)] == [1, 0]


def test_a_page_that_is_tried_in_vain_is_left_after_a_few_tries(world):
    world.add(a_feed(world, 1))
    world.site.put("/a2", status=500)
    a_feed(world, 1, 2)
    with world.following._web() as web:
        for _ in range(8):
            world.poll_with(web)
    assert 2 <= len(world.site.asked("/a2")) <= 5


def test_a_sitemap_that_can_not_be_read_and_an_index_with_a_broken_part_say_so(world):
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    index = f"<sitemapindex {space}><sitemap><loc>{world.site.address}/none.xml</loc></sitemap></sitemapindex>"
    outcome = world.add(world.site.put("/sitemap.xml", index, type="text/xml"))[0]
    assert "it lists no articles now" in outcome.message


def test_packed_feeds_are_unpacked_and_bombs_are_not(world):
    import gzip

    a_feed(world, 1)
    body = world.site.pages["/feed"].body
    packed_feed = world.site.put("/feed.gz", gzip.compress(body), type="application/gzip")
    bomb = world.site.put("/bomb.gz", gzip.compress(b"<rss>" + b" " * 30_000_000), type="application/gzip")
    outcomes = {o.name: o for o in world.add(packed_feed, bomb)}
    assert outcomes[packed_feed].outcome == "added"
    assert "larger than" in outcomes[bomb].message or "times its size" in outcomes[bomb].message


def test_a_feed_that_a_page_names_and_that_is_none_says_so(world):
    link = "<link rel='alternate' type='application/atom+xml' href='/none'>"
    home = world.site.put("/", f"<html><head>{link}</head><body>Welcome.</body></html>")
    assert "the feed that it names can't be read" in world.add(home)[0].message
