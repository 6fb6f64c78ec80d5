from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ingest.published import read_published


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2022-06-16", "2022-06-16"),
        ("2022-06-16T08:30:00Z", "2022-06-16T08:30:00Z"),
        ("2022-06-16T23:30:00-05:00", "2022-06-17T04:30:00Z"),
        ("2022-06-16 08:30:00+00:00", "2022-06-16T08:30:00Z"),
        ("2022/6/3", "2022-06-03"),
        ("20220616", "2022-06-16"),
        ("Thu, 16 Jun 2022 10:00:00 GMT", "2022-06-16T10:00:00Z"),
        ("June 16, 2022", "2022-06-16"),
        ("Thursday, June 16th, 2022", "2022-06-16"),
        ("16 June 2022", "2022-06-16"),
        ("16. June 2022", "2022-06-16"),
        ("Sept. 3, 2021", "2021-09-03"),
        ("16/06/2022", "2022-06-16"),
        ("06/16/2022", "2022-06-16"),
        ("05/05/2022", "2022-05-05"),
        (date(2022, 6, 16), "2022-06-16"),
        (datetime(2022, 6, 16, 1, tzinfo=timezone(timedelta(hours=2))), "2022-06-15T23:00:00Z"),
    ],
)
def test_a_day_is_read_as_people_and_machines_write_it(written, read):
    assert read_published(written) == read


def test_a_time_without_a_zone_keeps_only_its_day():
    assert read_published("2022-06-16T23:59:00") == "2022-06-16"
    assert read_published(datetime(2022, 6, 16, 23, 59)) == "2022-06-16"  # noqa: DTZ001


@pytest.mark.parametrize(
    "written",
    [
        "", "soon", "03/04/2022", "2022-02-30", "2022-13-01", "0001-01-01", "9999-12-31T23:59:59-12:00", "99/99/2022",
        "2022-06-31T10:00:00Z", "Wed, 99 Foo 2022 10:00:00 GMT", "Smarch 13, 2022", "13 of May", None, 17, True,
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))), datetime(2999, 1, 1, tzinfo=UTC), "10:30",
    ],
)  # fmt: skip
def test_what_is_no_day_or_could_be_two_stays_unknown(written):
    assert read_published(written) is None


@given(st.text(max_size=60) | st.from_regex(r"\d{1,4}[-/.]\d{1,4}[-/.]\d{1,4}.{0,9}"))
def test_whatever_is_written_the_result_is_a_day_or_none(written):
    read = read_published(written)
    assert read is None or date.fromisoformat(read[:10])
