"""Web archives for tests: pages, and records of what servers sent."""

import zlib


def a_page(number=1, said="It is too cold"):
    title = f"Ferry number {number} to stop"
    text = f"The ferry with the number {number} stops on Monday, Mayor Ida Brock told reporters on the quay of Harwick."
    paragraphs = f"<p>{text}</p><p>“{said} for boat {number},” Brock said. “Nobody will row it across the water.”</p>"
    return f"<html><body><nav>Home</nav><article><h1>{title}</h1>{paragraphs * 2}</article></body></html>".encode()


def a_record(url="https://a.example/1", body=None, *, digest=True, status=200, kind="response", http="", length=None):
    body = a_page() if body is None else body
    answer = f"HTTP/1.1 {status} OK\r\nContent-Type: text/html; charset=utf-8\r\n{http}\r\n".encode() + body
    if kind == "resource":
        answer = body
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-03-05T10:00:00Z\r\n"
    if digest:
        head += f"WARC-Payload-Digest: crc:{zlib.crc32(body):08x}\r\n"
    media = "text/html" if kind == "resource" else "application/http; msgtype=response"
    head += f"Content-Type: {media}\r\nContent-Length: {length or len(answer)}\r\n\r\n"
    return head.encode() + answer + b"\r\n\r\n"


def records(count, **options):
    return [a_record(f"https://a.example/{n}", a_page(n), **options) for n in range(count)]
