from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ingest.decoding import decoded

LINE = "“No ferry,” Élodie Brock said — naïvely.\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_a_text_reads_the_same_in_every_encoding(encoding):
    assert decoded(LINE.encode(encoding)) == LINE


def test_latin_1_is_read():
    assert decoded("Élodie a été élue à Elmsworth, où elle vécut.".encode("latin-1")).startswith("Élodie a été élue à")


def test_an_older_encoding_of_another_script_is_told_by_its_looks():
    russian = "Мэр сказала во вторник, что паром зимой ходить не будет, и совет с ней согласился. " * 4
    assert decoded(russian.encode("cp1251")) == russian


def test_utf_8_with_a_byte_lost_keeps_the_rest():
    data = (LINE * 9).encode()
    assert decoded(data[:1] + data[2:]).endswith(LINE * 8)
    assert "\ufffd" in decoded(data[:1] + data[2:])


@pytest.mark.parametrize("data", [b"%PDF-1.7 text", b"\x89PNG\r\n", bytes(range(32)) * 9, b"PK\x03\x04zip", b"\0\0\0"])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(ValueError, match="binary"):
        decoded(data)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_they_become_text_or_are_refused(data):
    with suppress(ValueError):
        decoded(data).encode()
