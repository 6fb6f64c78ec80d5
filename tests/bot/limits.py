"""Discord's limits as the documentation states them, written down independently of the bot, and what inert text is."""

import re

from bot.layouts import Card, message_of


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def parts_of(components: list) -> list[dict]:
    found: list[dict] = []
    for component in components:
        found.append(component)
        found += parts_of(component.get("components", []))
        found += parts_of([component["accessory"]] if "accessory" in component else [])
    return found


def text_of_card(card: Card, layout: str = "components") -> str:
    sent = message_of(card, layout)
    texts = [part["content"] for part in parts_of(sent["view"].to_components()) if part["type"] == 10]
    return "\n".join([*texts, *([sent["embed"].description] if "embed" in sent else [])])


def assert_within_limits(card: Card, layout: str = "components") -> None:
    sent = message_of(card, layout)
    parts = parts_of(sent["view"].to_components())
    assert len(parts) <= 40
    texts = [part["content"] for part in parts if part["type"] == 10]
    assert all(texts)
    assert sum(map(units, texts)) <= 4000
    ids = [part["custom_id"] for part in parts if "custom_id" in part]
    assert len(ids) == len(set(ids))
    assert all(1 <= units(custom_id) <= 100 for custom_id in ids)
    for part in parts:
        if part["type"] == 2:
            assert 1 <= units(part["label"]) <= 80
        if part["type"] == 1:
            assert 1 <= len(part["components"]) <= 5
        if part["type"] == 12:
            assert 1 <= len(part["items"]) <= 10
            assert all(units(item.get("description") or "") <= 256 for item in part["items"])
        if part["type"] == 9:
            assert 1 <= len(part["components"]) <= 3
    numbered = [part["id"] for part in parts if part.get("id")]
    assert len(set(numbered)) == len(numbered)
    if "file" in sent:
        assert units(sent["file"].description or "") <= 1024
    if "embed" in sent:
        embed = sent["embed"]
        assert 1 <= units(embed.description) <= 4096
        assert units(embed.author.name or "") <= 256
        assert units(embed.description) + units(embed.author.name or "") <= 6000
        assert len(sent["view"].to_components()) <= 5


_OURS = [
    r"^(-# |### |> |- )+",
    r"`onrecord show [^`]*`|`[/\w -]+`",
    r"\[(paragraph \d+|headline|the article)\]\(https?://[^\s()<>\[\]\\]+\)",
    r"\*\*",
    r"(?<= )\*|\*(?=,| ·|$)",
]


def assert_inert(text: str) -> None:
    """Nothing in the text means anything to Discord but what we put there ourselves."""
    assert not re.search("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x09\x0b-\x1f]", text)
    for line in text.split("\n"):
        rest = re.sub(r"\\[^0-9A-Za-z\s]", "¤", line)
        for ours in _OURS:
            rest = re.sub(ours, "", rest, flags=re.MULTILINE)
        assert not re.search(r"[*_~|`<@\[\]]|://|:\w+:", rest), rest
        assert not re.match(r"(#{1,3}|>|-#|[-*+]|\d+\.) ", rest), rest
