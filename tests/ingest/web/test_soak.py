from benchmarks.soak_feeds import soak


def test_many_feeds_over_days_give_every_article_once_and_are_never_polled_early(tmp_path):
    figures = soak(tmp_path, feeds=12, days=2.0, articles=2)
    assert figures["errors"] == 0
    assert figures["articles stored"] == figures["articles published"] == 24
    assert (figures["duplicates"], figures["missed"], figures["polls before their time"]) == (0, 0, 0)
    assert 12 * 8 < figures["polls"] < 12 * 60
