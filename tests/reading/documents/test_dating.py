from __future__ import annotations

from datetime import date

import pytest

from quidproquo.reading.documents.dating import published_of
from quidproquo.reading.documents.feed import read_feed

TODAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    "printed",
    [
        "2016-06-29", "2016/6/29 15:07:41", "2016/06/29",
        "2016-6-29", "2016.06.29", "2016. 6. 29.", "20160629T150741Z",
        "2016-06-29T15:07:41+02:00", "29 Jun 2016", "Wed, 29 Jun 2016 15:07:41 GMT", "June 29, 2016 3:07 pm",
        "29-Jun-2016", "29/Jun/2016", "06/29/2016", "29.06.2016", "1467212861", "Published on 29 June 2016",
    ],
)  # fmt: skip
def test_a_date_in_metadata_is_read_however_it_is_printed(printed: str) -> None:
    found, clue = published_of("", {"published": printed}, TODAY)
    assert found is not None
    assert (found.edtf, clue) == ("2016-06-29", "metadata")


def test_a_year_alone_stays_a_year() -> None:
    found, _ = published_of("", {"published": "2016"}, TODAY)
    assert found is not None
    assert found.edtf == "2016"


@pytest.mark.parametrize("printed", ["", "soon", "12", "2016/13/45"])
def test_what_is_no_date_gives_none(printed: str) -> None:
    assert published_of("Rivers rise.", {"published": printed}, TODAY)[0] is None


@pytest.mark.parametrize(
    "text",
    [
        "The ministry said on Monday that 40 ships were lost. The pact runs until 31 December 2035.",
        "It was signed on June 19, 2024, after talks.",
        "The treaty of 4 May 2021 and the one of 5 May 2022 are old.",
        "31 December 2035\n\nThe ministry said that 40 ships were lost.",
        "LIMA, Dec. 31, 2035 (Gazette) — The ministry said that 40 ships were lost.",
    ],
)
def test_no_date_of_the_body_and_none_in_the_future_is_taken(text: str) -> None:
    assert published_of(text, {}, TODAY) == (None, "")


def test_a_date_in_the_future_gives_way_to_the_dateline() -> None:
    found, clue = published_of("3 May 2026\n\nThe port is shut.", {"published": "2035-12-31"}, TODAY)
    assert found is not None
    assert (found.edtf, clue) == ("2026-05-03", "dateline")


def test_a_day_of_grace_covers_every_time_zone() -> None:
    found, _ = published_of("", {"published": "2026-05-05"}, TODAY)
    assert found is not None


@pytest.mark.parametrize(
    "printed",
    ["2016/6/29 15:07:41", "Wed, 29 Jun 2016 15:07:41 GMT", "2016.06.29", "1467212861", "June 29, 2016"],
)
def test_an_entry_of_a_feed_has_the_day_that_it_prints(printed: str) -> None:
    feed = (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>Gazette</title><item><title>A</title>"
        f"<pubDate>{printed}</pubDate><description>40 ships were lost.</description></item></channel></rss>"
    )
    [entry] = read_feed(feed.encode())
    found, _ = published_of(entry.text, entry.meta, TODAY)
    assert found is not None
    assert found.edtf == "2016-06-29"
