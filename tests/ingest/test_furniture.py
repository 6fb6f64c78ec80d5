import pytest

from index.ingest.furniture import is_furniture


@pytest.mark.parametrize(
    "line",
    [
        "© Greta Lind", "© 2021 Harbour Press. All rights reserved.", "(c) 2020 Harbour Press",
        "Copyright 2019 Harbour Press Ltd.", "Photo by Greta Lind", "Photo: Greta Lind/Harbour Press",
        "Image credit: Town of Elmsworth", "Credit: Greta Lind", "Photograph courtesy of the Lind Family",
        "Greta Lind/Getty Images", "Getty.", "GRETA LIND via Getty Images.", "Greta Lind/AFP/Getty Images",
        "Greta Lind/Reuters", "Greta van Lind/AP", "Hide Caption 3 of 12", "Advertisement", "ADVERTISEMENT", "Ad",
        "Sponsored content", "Story continues below advertisement", "(story continues below)", "Continue reading",
        "Continue reading the main story", "Skip advertisement",
        "JUST WATCHED How ferries dock Replay More Videos ... MUST WATCH How ferries dock 01:10",
        "Read more", "READ MORE", "Read more here.", "Learn more »", "Read more: Ferry fares to rise in spring",
        "RELATED: Ferry fares to rise in spring", "Related:Ferry fares to rise", "Related stories", "See also: Fares",
        "More from Elmsworth: Ferry fares to rise", "Up next", "Click here to see the timetable.",
        "Sign up for our morning newsletter.", "Sign up here", "Subscribe to the Echo's podcast here.",
        "What moves the harbour? Sign up for our weekly newsletter to know first.",
        "Follow Greta Lind on Twitter: @gretalind", "Follow @elmsworthecho", "Contact Greta Lind at lind@example.org.",
        "Reach Greta Lind on Twitter @gretalind", "Share", "Tweet", "Share on Facebook", "12 comments",
        "Leave a comment", "Copyright The Harbour Press. All rights reserved.", "All rights reserved.",
        "This material may not be published, broadcast, rewritten or redistributed.", "Image source, Getty Images",
        "Image copyright Greta Lind", "(Greta Lind/The Harbour Press)", "(Greta Lind for The Echo)", "toggle caption",
        "Supported by", "Scroll down for video", "4 min read", "Please enable JavaScript to view the comments.",
        "We use cookies to improve this site.", "Tags Ida Brock Max Poe", "View the discussion thread.", "Copy link",
        "Get the day's headlines delivered to your inbox.", "***", "___", "•", "…",
    ],
)  # fmt: skip
def test_what_belongs_to_the_page_is_told(line):
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "All rights reserved for the town were sold, the clerk said.",
        "Image is nothing (or so they say for the record)",
        "(Ida Brock said so.)",
        "Tags were found on the nets, the warden said.",
        "Get it delivered or do not, the mayor said.",
        "We use cookies and tea to win votes, Brock joked.",
        "Supported by the council, the ferry will run.",
        "Your browser does not support her candidacy, but you may.",
        "Photo by photo, the archive shows how the harbour grew.",
        "Photographs of the ferry were handed to the council.",
        "Image is everything, the mayor said.",
        "Credit: the council's word for what it owes.",
        "Getty Images sold 40 photographs of the flood, the company said.",
        "(c) that the tenant has paid the rent on time.",
        "Advertisement sales fell by a third, the publisher said.",
        "Read more books, the librarian told the children.",
        "More: that was all the ferrymen asked for.",
        'Related: "I never met him," the mayor said.',
        "Related companies must file by May, the ministry said.",
        "Residents can sign up for the newsletter, Mayor Ida Brock said.",
        "Sign up for the war was brisk in 1914.",
        'Sign up here, the poster read, and "bring a friend to the newsletter."',
        "Follow the money, the auditor said.",
        "Contact between the two towns ceased in May.",
        "Reach of the tide: two metres.",
        "Share prices fell on Tuesday.",
        "Comments by the mayor angered the council.",
        "Follow-up talks are due on Monday.",
        "Continue reading to your children, teachers advise.",
        "Click here and there, and the form is done, the clerk said.",
        "5",
        "AP",
        "Reuters",
        "By Greta Lind",
        "ELMSWORTH (HP) —",
        "No.",
        "Sign up for our newsletter. " + "It is long. " * 40,
    ],
)
def test_what_might_be_prose_stays(line):
    assert not is_furniture(line)
